/**
 * What a client reads out of replies (section 5.2 of the DMTP digest). A reply may have more lines than its command
 * usually gets (DMTP-018); exactly one of them then has to say what was asked.
 */
import { type ReplyReadings, readReply } from '../../../grammar/dmtp.js';
import { GrammarError } from '../../../grammar/parse.js';
import { type ClientReply, DmtpClientError, shown, shownReply } from './client-error.js';

/** 200 to 299: success of every command but the first answer to DATA (DMTP-019). */
export const isSuccess = ({ code }: ClientReply): boolean => code >= 200 && code <= 299;

/** 400 to 599: the server will not, now or ever. */
export const isRefusal = ({ code }: ClientReply): boolean => code >= 400;

/** @throws DmtpClientError for another code than 220, or without the word (DMTP-008) */
export function checkGreeting(reply: ClientReply): void {
  // Letter case counts, and the first word is the host's name (section 4).
  const greets = reply.lines.some((line) =>
    line
      .trim()
      .split(/[ \t]+/)
      .slice(1)
      .includes('DMTPv1'),
  );
  if (reply.code === 220 && greets) return;
  throw new DmtpClientError('bad-greeting', `the greeting is ${shownReply(reply)}, not 220 with the word DMTPv1`, {
    requirement: 'DMTP-008',
    reply,
  });
}

/** The first line inside TLS. @throws DmtpClientError for another mode than DMTPv1 (DMTP-028, DMTP-066) */
export function checkMode(reply: ClientReply): void {
  const mode = readLine('SecuredReply', reply)?.mode.toLowerCase();
  // One helper of the authors writes DMTP (OQ-85).
  if (isSuccess(reply) && (mode === 'dmtpv1' || mode === 'dmtp')) return;
  const what = `after the handshake the server says ${shownReply(reply)}, not OK DMTPv1`;
  throw new DmtpClientError('wrong-mode', what, { requirement: 'DMTP-066', reply });
}

/** The octets of a signet from the answer to SGNT. @throws DmtpClientError */
export function signetIn(reply: ClientReply): Uint8Array {
  const found = reply.lines
    .map((line) => /^OK[ \t]*(\[.*\])[ \t]*$/.exec(line)?.[1])
    .filter((text) => text !== undefined);
  return bracketed(only(found, reply, 'SGNT', 'OK and a signet in square brackets'), 'the reply to SGNT');
}

/** All signets of the answer to HIST, oldest first. @throws DmtpClientError */
export function signetsIn(reply: ClientReply): Uint8Array[] {
  const { lines } = reply;
  if (lines.length < 2 || lines.at(-1) !== 'OK') {
    const what = `the reply to HIST ends with ${shownReply(reply)}; right is a line for each signet, and OK`;
    throw new DmtpClientError('malformed-reply', what, { reply });
  }
  return lines.slice(0, -1).map((line) => bracketed(line, 'the reply to HIST'));
}

/** Whether VRFY says that the signet is current; what it says otherwise is not looked at. */
export const saysCurrent = (reply: ClientReply): boolean => readLine('VerifyReply', reply)?.kind === 'current';

/** What VRFY says: null when the signet is current, else the fingerprint of the newest (DMTP-115). @throws DmtpClientError */
export function newerFingerprint(reply: ClientReply): string | null {
  const readings = linesAs('VerifyReply', reply);
  const reading = only(readings, reply, 'VRFY', 'CURRENT, or UPDATE and a fingerprint');
  return reading.kind === 'current' ? null : reading.fingerprint;
}

/** How the server names a stored message; undefined when it accepts and names nothing. */
export function transactionIn(reply: ClientReply): string | undefined {
  const stored = readLine('StoredReply', reply);
  if (stored !== undefined) return stored.transaction;
  return readLine('NumberedStoredReply', reply)?.fingerprint;
}

function bracketed(text: string, subject: string): Uint8Array {
  const base64 = /^\[([A-Za-z0-9+/]+)={0,2}\]$/.exec(text)?.[1];
  if (base64 === undefined || base64.length % 4 === 1) {
    throw new DmtpClientError(
      'malformed-reply',
      `${subject} has ${shown(text)} where base64 in square brackets belongs`,
    );
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function only<Reading>(found: readonly Reading[], reply: ClientReply, verb: string, right: string): Reading {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const what = `the reply to ${verb} is ${shownReply(reply)}; right is one line with ${right}`;
  throw new DmtpClientError('malformed-reply', what, { reply });
}

/** The one line of the reply that fits the grammar's rule, read; undefined when none or several do. */
function readLine<Rule extends keyof ReplyReadings>(rule: Rule, reply: ClientReply): ReplyReadings[Rule] | undefined {
  const found = linesAs(rule, reply);
  return found.length === 1 ? found[0] : undefined;
}

function linesAs<Rule extends keyof ReplyReadings>(rule: Rule, { code, lines }: ClientReply): ReplyReadings[Rule][] {
  return lines.flatMap((line) => {
    try {
      return [readReply(rule, `${code} ${line}\r\n`)];
    } catch (error) {
      if (error instanceof GrammarError) return [];
      throw error;
    }
  });
}
