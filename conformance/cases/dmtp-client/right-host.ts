/** What a right DMTP server says to each line, in the words of section 12.4 of the DMTP digest; a case replaces a part of it. */
import type { HostCertificate } from '../../target/hostile-certificate.js';
import type { Answer, HostileScript, Say, SeenConnection } from '../../target/hostile-dmtp.js';
import type { Served } from './parties.js';

/** A command as it came, in either dialect. */
export interface Asked {
  /** In capitals; MAIL and RCPT without their second word. */
  readonly verb: string;
  readonly line: string;
  /** The first text in angle brackets, in lower case. */
  readonly name: string;
  /** The texts in square brackets. */
  readonly brackets: readonly string[];
}

export function readCommand(text: string): Asked {
  const line = text.replace(/\r?\n$/, '');
  const verb = /^[A-Za-z]*/.exec(line)?.[0].toUpperCase() ?? '';
  const name = /<([^>]*)>/.exec(line)?.[1]?.toLowerCase() ?? '';
  return { verb, line, name, brackets: [...line.matchAll(/\[([^\]]*)\]/g)].map(([, inside = '']) => inside) };
}

/** Signets by name, the oldest first. */
export type Published = ReadonlyMap<string, readonly Served[]>;

export interface HostRules {
  /** The name of the host. */
  readonly name: string;
  readonly tls: HostileScript['tls'];
  readonly certificate: HostCertificate;
  readonly signets: Published;
  readonly greeting: Say;
  /** The first line inside TLS after STARTTLS. */
  readonly secured: Say;
  readonly messageOctets: number;
  /** What is said in the place of the right reply. */
  readonly reply: (asked: Asked, right: string, seen: SeenConnection) => Answer;
  /** What is said to a message. */
  readonly stored: Say;
}

/** Line ends are part of each. */
export const rightGreeting = (name: string, tls: HostileScript['tls']): string =>
  `220 <${name}> ${tls === 'later' ? 'ESMTP ' : ''}DMTPv1 suite\r\n`;
export const rightStored = '250 OK [suite-1]\r\n';
export const rightSecured = '250 OK DMTPv1\r\n';
const startTls = (name: string): string => `220-SENDING CERTIFICATE FOR DOMAIN <${name}>\r\n220 READY\r\n`;
const notFound = '450 SIGNET NOT FOUND.\r\n';

export function scriptOf(rules: HostRules): HostileScript {
  const { tls, certificate, greeting, messageOctets, name, secured, stored } = rules;
  return {
    tls,
    certificate,
    greeting,
    messageOctets,
    stored: () => stored,
    answer: (line, seen) => {
      const asked = readCommand(line);
      if (asked.verb === 'STARTTLS' && seen.tls === null) {
        const answer = rules.reply(asked, startTls(name), seen);
        // What does not say yes begins no TLS.
        return typeof answer === 'string' && answer.startsWith('2') ? { startTls: answer, secured } : answer;
      }
      return rules.reply(asked, rightReply(asked, rules, seen), seen);
    },
  };
}

function rightReply({ verb, name, brackets }: Asked, { signets }: HostRules, seen: SeenConnection): string {
  if (seen.tls === null && verb !== 'QUIT' && verb !== 'MODE') return '503 DMTP COMMAND REQUIRES STARTTLS FIRST.\r\n';
  const chain = signets.get(name) ?? [];
  switch (verb) {
    case 'EHLO':
      return ['250-PIPELINING', '250-8BITMIME', '250-8BITDIME', '250-RETURN', '250-SIZE 67108864', '250 OK', ''].join(
        '\r\n',
      );
    case 'SGNT':
      return signetReply(brackets.length === 0 ? chain.at(-1) : withFingerprint(chain, brackets[0]));
    case 'VRFY':
      return verifyReply(chain, brackets[0]);
    case 'HIST':
      return historyReply(chain, brackets);
    case 'DATA':
      return `354 CONTINUE [${(brackets[0] ?? 'NONE').replace(/\s/g, '-')}]\r\n`;
    case 'MODE':
      return `200 OK ${seen.tls === null ? 'ESMTP' : 'DMTPv1'}\r\n`;
    case 'QUIT':
      return '221 BYE\r\n';
    case 'MAIL':
    case 'RCPT':
    case 'NOOP':
    case 'RSET':
    case 'HELO':
      return '250 OK\r\n';
    default:
      return '500 INVALID COMMAND\r\n';
  }
}

export const inBrackets = ({ octets }: Served): string => `[${Buffer.from(octets).toString('base64')}]`;

const signetReply = (served: Served | undefined): string =>
  served === undefined ? notFound : `250 OK ${inBrackets(served)}\r\n`;

const hasFingerprint = ({ fingerprints }: Served, text: string | undefined): boolean =>
  text !== undefined && (Object.values(fingerprints) as readonly string[]).includes(text);

const withFingerprint = (chain: readonly Served[], text: string | undefined): Served | undefined =>
  chain.find((each) => hasFingerprint(each, text));

function verifyReply(chain: readonly Served[], text: string | undefined): string {
  const newest = chain.at(-1);
  const asked = withFingerprint(chain, text);
  if (asked === undefined || newest === undefined) return notFound;
  if (asked === newest) return '250 CURRENT\r\n';
  const kind = (['cryptographic', 'full', 'identifiable'] as const).find((each) => asked.fingerprints[each] === text);
  return `250 UPDATE [${newest.fingerprints[kind ?? 'full'] ?? ''}]\r\n`;
}

function historyReply(chain: readonly Served[], [start, stop]: readonly string[]): string {
  const first = chain.findIndex((each) => hasFingerprint(each, start));
  const last = stop === undefined ? chain.length - 1 : chain.findIndex((each) => hasFingerprint(each, stop));
  if (first === -1 || last < first) return notFound;
  const lines = chain.slice(first, last + 1).map((each) => `250-${inBrackets(each)}`);
  return [...lines, '250 OK', ''].join('\r\n');
}
