/** Section 12.4 of the DMTP digest, row by row: what is said, and what has to come. */
import { describe, expect, test } from 'vitest';
import { DeliveryRefused, type DmtpStore, type RefusalReason } from '../account/store.js';
import type { DmtpSessionOptions } from './session.js';
import { addressed, base64, greeted, host, mailed, message, Talk, testStore } from './session.test-support.js';

interface Row {
  readonly before?: readonly string[];
  readonly say: string;
  readonly reply: readonly string[];
  readonly on?: Partial<DmtpSessionOptions>;
  readonly closes?: true;
}

const plain = { transport: 'plain' } as const;
const dual = { transport: 'plain', dualMode: true } as const;
const smtpGone = [`554 ${host} SMTP SERVICE NOT AVAILABLE`];
const noFallback = ['554 DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.'];
const relay = ['551 RELAY ACCESS DENIED - THE DOMAIN IS NOT HOSTED LOCALLY AND RELAY ACCESS REQUIRES AUTHENTICATION'];
const tooLarge = ['552 OUTBOUND SIZE LIMIT EXCEEDED - THIS ACCOUNT MAY ONLY SEND MESSAGES UP TO 1000 BYTES IN LENGTH'];
const internal = ['451 Unexpected internal error occurred.'];
const badMessage = ['554 INVALID DMIME DATA RECEIVED.'];
const notFound = ['450 SIGNET NOT FOUND.'];

const broken = (): never => {
  throw new Error('the disk is on fire');
};
const brokenStore: DmtpStore = { signets: broken, hasAccount: broken, lockOf: broken, holds: broken, receive: broken };
const refusing = (reason: RefusalReason): DmtpStore => ({
  ...testStore(),
  receive: () => ({
    write: () => undefined,
    pieces: () => [],
    abort: () => undefined,
    commit: () => {
      throw new DeliveryRefused(reason);
    },
  }),
});

const tables: Record<string, Record<string, Row>> = {
  connection: {
    'command needs TLS': {
      on: plain,
      say: 'SGNT <dime.example>',
      reply: ['503 DMTP COMMAND REQUIRES STARTTLS FIRST.'],
    },
    'command needs TLS, dual port': { on: dual, say: 'NOOP', reply: ['503 DMTP COMMAND REQUIRES STARTTLS FIRST.'] },
    'needs TLS comes before syntax': {
      on: plain,
      say: 'EHLO <not closed',
      reply: ['503 DMTP COMMAND REQUIRES STARTTLS FIRST.'],
    },
    'line for SMTP, no service': { on: plain, say: 'EHLO smtp.example', reply: smtpGone },
    'command of SMTP only, no service': { on: plain, say: 'AUTH PLAIN', reply: smtpGone },
    'line for SMTP, TLS port': { say: 'HELO smtp.example', reply: smtpGone },
    'line for SMTP after a STARTTLS that failed': {
      on: dual,
      before: ['STARTTLS <other.example>'],
      say: 'EHLO smtp.example',
      reply: noFallback,
    },
    'line for SMTP after a STARTTLS without a domain': {
      on: plain,
      before: ['STARTTLS <no_domain>'],
      say: 'EHLO smtp.example',
      reply: smtpGone,
    },
    'unknown command': { say: 'FETCH 1', reply: ['500 INVALID COMMAND'] },
    'unknown command, no TLS': { on: plain, say: 'FETCH 1', reply: ['500 INVALID COMMAND'] },
    'command of SMTP only inside TLS': { say: 'AUTH PLAIN', reply: ['500 INVALID COMMAND'] },
    'nothing but a line end': { say: '', reply: ['500 INVALID COMMAND'] },
    'argument to RSET': { say: 'RSET now', reply: ['500 INVALID COMMAND'] },
    'argument to VERB': { say: 'VERB on', reply: ['500 INVALID COMMAND'] },
    'argument to MODE': { say: 'MODE DMTPv1', reply: ['500 INVALID COMMAND'] },
    'argument to QUIT': { say: 'QUIT now', reply: ['500 INVALID COMMAND'] },
    'line too long': { say: 'N'.repeat(511), reply: ['500 LINE TOO LONG'] },
    'too many violations': { before: ['X', 'X', 'X'], say: 'X', reply: ['221 BYE'], closes: true },
    'internal error in SGNT': { on: { store: brokenStore }, say: 'SGNT <dime.example>', reply: internal },
    'internal error in HIST': { on: { store: brokenStore }, say: 'HIST <dime.example> [fp]', reply: internal },
    'internal error in VRFY': { on: { store: brokenStore }, say: 'VRFY <dime.example> [fp]', reply: internal },
    'disabled command': {
      on: { disabled: new Set(['VRFY']) },
      say: 'VRFY nonsense',
      reply: ['502 VRFY COMMAND DISABLED'],
    },
    'disabled command before its sequence': {
      on: { disabled: new Set(['MAIL']) },
      say: 'MAIL FROM: <a.example> [fp] SIZE=1',
      reply: ['502 MAIL COMMAND DISABLED'],
    },
  },
  STARTTLS: {
    'inside TLS': { say: `STARTTLS <${host}>`, reply: ['454 SESSION IS ALREADY ENCRYPTED.'] },
    'inside TLS, malformed': { say: 'STARTTLS', reply: ['454 SESSION IS ALREADY ENCRYPTED.'] },
    'no argument': { on: plain, say: 'STARTTLS', reply: smtpGone },
    'no argument, after one with a host': {
      on: plain,
      before: ['STARTTLS <other.example>'],
      say: 'STARTTLS',
      reply: noFallback,
    },
    malformed: { on: plain, say: `STARTTLS ${host}`, reply: ['501 BAD STARTTLS SYNTAX.'] },
    'unknown mode word': { on: plain, say: `STARTTLS <${host}> MODE=HTTP`, reply: ['501 BAD STARTTLS SYNTAX.'] },
    'unknown mode word, named': {
      on: plain,
      say: `STARTTLS HOST=<${host}> MODE=HTTP`,
      reply: ['501 BAD STARTTLS SYNTAX.'],
    },
    'trailing text': { on: plain, say: `STARTTLS <${host}> please`, reply: ['501 BAD STARTTLS SYNTAX.'] },
    'host is no domain': { on: plain, say: 'STARTTLS <dx_dime>', reply: ['501 INVALID STARTTLS DOMAIN.'] },
    'host is no domain, named': { on: plain, say: 'STARTTLS HOST=<dx dime>', reply: ['501 INVALID STARTTLS DOMAIN.'] },
    'no certificate': { on: plain, say: 'STARTTLS <x.example>', reply: ['554 CERTIFICATE NOT FOUND FOR DOMAIN.'] },
    'mode SMTP': { on: dual, say: `STARTTLS <${host}> MODE=SMTP`, reply: smtpGone },
    'mode ESMTP': { on: dual, say: `STARTTLS <${host}> MODE=esmtp`, reply: smtpGone },
    accepted: {
      on: plain,
      say: `STARTTLS <${host}> MODE=DMTPv1`,
      reply: [`220-SENDING CERTIFICATE FOR DOMAIN <${host}>`, '220 READY'],
    },
    'accepted, the server itself named in capitals': {
      on: { ...plain, host: 'DX.example' },
      say: 'STARTTLS <dx.example>',
      reply: ['220-SENDING CERTIFICATE FOR DOMAIN <DX.example>', '220 READY'],
    },
    'accepted, host in capitals, mode DMTP': {
      on: dual,
      say: `STARTTLS HOST=<${host.toUpperCase()}> MODE=dmtp`,
      reply: [`220-SENDING CERTIFICATE FOR DOMAIN <${host}>`, '220 READY'],
    },
  },
  EHLO: {
    'EHLO accepted': {
      say: 'EHLO <origin.example>',
      reply: ['250-PIPELINING', '250-8BITMIME', '250-8BITDIME', '250-RETURN', '250-SIZE 1000', '250 OK'],
    },
    'HELO accepted': { say: 'HELO HOST=<origin.example>', reply: ['250 OK'] },
    'brackets not well formed': { say: 'EHLO <origin.example', reply: ['501 BAD EHLO SYNTAX.'] },
    'trailing text': { say: 'EHLO <origin.example> x', reply: ['501 BAD EHLO SYNTAX.'] },
    'no domain': { say: 'EHLO <origin_example>', reply: ['501 INVALID EHLO DOMAIN.'] },
    'no domain, named': { say: 'EHLO HOST=<>', reply: ['501 INVALID EHLO DOMAIN.'] },
  },
  MAIL: {
    'before EHLO': {
      say: 'MAIL FROM: <a.example> [fp] SIZE=6',
      reply: ['503 MAIL FROM REJECTED - PLEASE PROVIDE AN EHLO AND TRY AGAIN'],
    },
    'before EHLO, malformed': { say: 'MAIL', reply: ['503 MAIL FROM REJECTED - PLEASE PROVIDE AN EHLO AND TRY AGAIN'] },
    'domain missing': { before: greeted, say: 'MAIL FROM:', reply: ['501 BAD MAIL FROM SYNTAX.'] },
    'domain not in brackets': {
      before: greeted,
      say: 'MAIL FROM: a.example [fp] SIZE=6',
      reply: ['501 BAD MAIL FROM SYNTAX.'],
    },
    'an address for a domain': {
      before: greeted,
      say: 'MAIL FROM: <a@a.example> [fp] SIZE=6',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'no domain, named': {
      before: greeted,
      say: 'MAIL FROM=<a b> FINGERPRINT=[fp]',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'fingerprint missing': {
      before: greeted,
      say: 'MAIL FROM: <a.example> SIZE=6',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'fingerprint empty, named': {
      before: greeted,
      say: 'MAIL FROM=<a.example> FINGERPRINT=[]',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'SIZE missing': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp]',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'SIZE 0': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=0',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'SIZE no number': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=6k',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'unknown RETURN word': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=6 RETURN=NOTHING',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'unknown DATA word': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=6 DATA=9BIT',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'key repeated': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=6 SIZE=6',
      reply: ['501 INVALID MAIL FROM PARAMETER.'],
    },
    'unknown key': {
      before: greeted,
      say: 'MAIL FROM: <a.example> [fp] SIZE=6 AUTH=me',
      reply: ['501 UNSUPPORTED MAIL FROM PARAMETER.'],
    },
    'SIZE over the limit': { before: greeted, say: 'MAIL FROM: <a.example> [fp] SIZE=1001', reply: tooLarge },
    'SIZE beyond all numbers': {
      before: greeted,
      say: `MAIL FROM: <a.example> [fp] SIZE=${'9'.repeat(99)}`,
      reply: tooLarge,
    },
    'accepted at the limit': {
      before: greeted,
      say: 'mail from <a.example>[fp] data=7bit return=header size=1000 \t',
      reply: ['250 OK'],
    },
    'accepted, named': { before: greeted, say: 'MAIL FROM=<a.example> FINGERPRINT=[fp]', reply: ['250 OK'] },
  },
  RCPT: {
    'before EHLO': {
      say: 'RCPT TO: <dime.example> [fp]',
      reply: ['503 RCPT TO REJECTED - PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN'],
    },
    'before MAIL': {
      before: greeted,
      say: 'RCPT TO: <dime.example> [fp]',
      reply: ['503 RCPT TO REJECTED - PLEASE PROVIDE A MAIL FROM AND TRY AGAIN'],
    },
    'domain missing': { before: mailed, say: 'RCPT TO: [fp]', reply: ['501 BAD RCPT TO SYNTAX.'] },
    'no domain': { before: mailed, say: 'RCPT TO: <dime_example> [fp]', reply: ['501 INVALID RCPT TO PARAMETER.'] },
    'fingerprint missing': {
      before: mailed,
      say: 'RCPT TO: <dime.example>',
      reply: ['501 INVALID RCPT TO PARAMETER.'],
    },
    'fingerprint empty, named': {
      before: mailed,
      say: 'RCPT TO=<dime.example> FINGERPRINT=[]',
      reply: ['501 INVALID RCPT TO PARAMETER.'],
    },
    'trailing text': {
      before: mailed,
      say: 'RCPT TO: <dime.example> [fp] x',
      reply: ['501 INVALID RCPT TO PARAMETER.'],
    },
    'domain not served': { before: mailed, say: 'RCPT TO: <other.example> [fp]', reply: relay },
    'second destination': {
      before: addressed,
      say: 'RCPT TO: <other.example> [fp]',
      reply: ['503 RCPT TO REJECTED - ONE DESTINATION PER MESSAGE'],
    },
    'second destination, served': {
      on: { domains: ['dime.example', 'too.example'] },
      before: addressed,
      say: 'RCPT TO: <too.example> [fp]',
      reply: ['503 RCPT TO REJECTED - ONE DESTINATION PER MESSAGE'],
    },
    accepted: { before: mailed, say: 'RCPT TO: <DIME.example> [fp]', reply: ['250 OK'] },
    'the same again': { before: addressed, say: 'RCPT TO=<dime.example> FINGERPRINT=[fp]', reply: ['250 OK'] },
  },
  DATA: {
    'before EHLO': { say: 'DATA', reply: ['503 DATA REJECTED - PLEASE PROVIDE A HELO OR EHLO AND TRY AGAIN'] },
    'before MAIL': {
      before: greeted,
      say: 'DATA',
      reply: ['503 DATA REJECTED - PLEASE PROVIDE A MAIL FROM AND TRY AGAIN'],
    },
    'before RCPT': {
      before: mailed,
      say: 'DATA',
      reply: ['503 DATA REJECTED - PLEASE PROVIDE A RCPT TO AND TRY AGAIN'],
    },
    'argument not in brackets': { before: addressed, say: 'DATA hash', reply: ['501 BAD DATA SYNTAX.'] },
    'argument empty': { before: addressed, say: 'DATA []', reply: ['501 BAD DATA SYNTAX.'] },
    'trailing text': { before: addressed, say: 'DATA [hash] x', reply: ['501 INVALID DATA PARAMETER.'] },
    accepted: { before: addressed, say: 'DATA [hash]', reply: ['354 CONTINUE [hash]'] },
    'accepted without argument': { before: addressed, say: 'DATA', reply: ['354 CONTINUE [NONE]'] },
    'white space in the argument': { before: addressed, say: 'DATA [my \thash]', reply: ['354 CONTINUE [my--hash]'] },
    'octets that would break the line of a reader': {
      before: addressed,
      say: 'DATA [\x1b[2J\xff]',
      reply: ['354 CONTINUE [-[2J-]'],
    },
  },
  'after the message': {
    'octets before the line end': { before: [...addressed, 'DATA'], say: `${message()}x`, reply: badMessage },
    'no magic number': { before: [...addressed, 'DATA'], say: '123456', reply: badMessage },
    'length in its header differs': { before: [...addressed, 'DATA'], say: '\x07\x37\0\0\0\x01', reply: badMessage },
    'without SIZE, no magic number': {
      before: [...greeted, 'MAIL FROM=<a.example> FINGERPRINT=[fp]', 'RCPT TO=<dime.example> FINGERPRINT=[fp]', 'DATA'],
      say: 'hello',
      reply: badMessage,
    },
    'without SIZE, over the limit': {
      before: [...greeted, 'MAIL FROM=<a.example> FINGERPRINT=[fp]', 'RCPT TO=<dime.example> FINGERPRINT=[fp]', 'DATA'],
      say: message('x'.repeat(995)),
      reply: tooLarge,
    },
    'store cannot take it': {
      on: { store: brokenStore },
      before: [...addressed, 'DATA'],
      say: message(),
      reply: ['451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER'],
    },
    ...refusals({
      'invalid message': badMessage[0],
      'wrong signature': badMessage[0],
      'origin unknown': badMessage[0],
      'invalid origin signet': badMessage[0],
      'outdated recipient signet': badMessage[0],
      'origin unavailable': '451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER',
      'locked by administrator': '550 ACCOUNT LOCKED - THE ACCOUNT HAS BEEN ADMINISTRATIVELY LOCKED',
      'locked for inactivity': '550 ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED FOR INACTIVITY',
      'locked for abuse': '550 ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED FOR ABUSE POLICY VIOLATIONS',
      'locked by owner': '550 ACCOUNT LOCKED - THE ACCOUNT HAS BEEN LOCKED AT THE REQUEST OF THE OWNER',
      'domain not served': relay[0],
      'recipient unknown': '554 INVALID RECIPIENT - THE EMAIL ADDRESS DOES NOT MATCH AN ACCOUNT ON THIS SYSTEM',
    }),
  },
  SGNT: {
    'name missing': { say: 'SGNT', reply: ['501 BAD SGNT SYNTAX.'] },
    'name not in brackets': { say: 'SGNT dime.example', reply: ['501 BAD SGNT SYNTAX.'] },
    'neither domain nor address': { say: 'SGNT <a@b@c>', reply: ['501 INVALID SGNT PARAMETER.'] },
    'nothing after the at sign': { say: 'SGNT <alice@>', reply: ['501 INVALID SGNT PARAMETER.'] },
    'neither, named': { say: 'SGNT USER=<dime.example>', reply: ['501 INVALID SGNT PARAMETER.'] },
    'fingerprint malformed': { say: 'SGNT <dime.example> [id-d1', reply: ['501 INVALID SGNT PARAMETER.'] },
    'fingerprint empty, named': {
      say: 'SGNT DOMAIN=<dime.example> FINGERPRINT=[]',
      reply: ['501 INVALID SGNT PARAMETER.'],
    },
    'trailing text': { say: 'SGNT <dime.example> [id-d1] x', reply: ['501 INVALID SGNT PARAMETER.'] },
    'name not found': { say: 'SGNT <bob@dime.example>', reply: notFound },
    'fingerprint not found': { say: 'SGNT <dime.example> [id-d9]', reply: notFound },
    'fingerprint in other case': { say: 'SGNT <dime.example> [ID-D1]', reply: notFound },
    'fingerprint of another name': { say: 'SGNT <dime.example> [id-a1]', reply: notFound },
    'current signet': { say: 'SGNT <Dime.Example>', reply: [`250 OK [${base64('d2')}]`] },
    'by identifiable fingerprint': { say: 'SGNT <alice@dime.example> [id-a1]', reply: [`250 OK [${base64('a1')}]`] },
    'by full fingerprint': { say: 'SGNT <alice@dime.example> [full-a2]', reply: [`250 OK [${base64('a2')}]`] },
    'by cryptographic fingerprint, named': {
      say: 'SGNT USER=<alice@dime.example> FINGERPRINT=[crypto-a2]',
      reply: [`250 OK [${base64('a2')}]`],
    },
  },
  HIST: {
    'name missing': { say: 'HIST [full-a1]', reply: ['501 BAD HIST SYNTAX.'] },
    'neither domain nor address': { say: 'HIST <a..b@c> [full-a1]', reply: ['501 INVALID HIST PARAMETER.'] },
    'start missing': { say: 'HIST <alice@dime.example>', reply: ['501 INVALID HIST PARAMETER.'] },
    'stop malformed': { say: 'HIST <alice@dime.example> [full-a1] [full-a2', reply: ['501 INVALID HIST PARAMETER.'] },
    'start empty, named': { say: 'HIST USER=<alice@dime.example> START=[]', reply: ['501 INVALID HIST PARAMETER.'] },
    'trailing text': { say: 'HIST <alice@dime.example> [full-a1] [full-a2] x', reply: ['501 INVALID HIST PARAMETER.'] },
    'name unknown': { say: 'HIST <bob@dime.example> [full-a1]', reply: notFound },
    'name unknown, named': { say: 'HIST USER=<bob@dime.example>', reply: notFound },
    'start unknown': { say: 'HIST <alice@dime.example> [full-a9]', reply: notFound },
    'stop unknown': { say: 'HIST <alice@dime.example> [full-a1] [full-a9]', reply: notFound },
    'stop not reached from start': { say: 'HIST <alice@dime.example> [full-a2] [full-a1]', reply: notFound },
    'to the newest': {
      say: 'HIST <alice@dime.example> [id-a2]',
      reply: [`250-[${base64('a2')}]`, `250-[${base64('a3')}]`, '250 OK'],
    },
    'start to stop': {
      say: 'HIST <alice@dime.example> [full-a1] [crypto-a2]',
      reply: [`250-[${base64('a1')}]`, `250-[${base64('a2')}]`, '250 OK'],
    },
    'start is stop': {
      say: 'HIST <alice@dime.example> [full-a1] [full-a1]',
      reply: [`250-[${base64('a1')}]`, '250 OK'],
    },
    'of a domain': { say: 'HIST <dime.example> [full-d2]', reply: [`250-[${base64('d2')}]`, '250 OK'] },
    'from the oldest, named': {
      say: 'HIST USER=<alice@dime.example> STOP=[full-a2]',
      reply: [`250-[${base64('a1')}]`, `250-[${base64('a2')}]`, '250 OK'],
    },
  },
  VRFY: {
    'name missing': { say: 'VRFY', reply: ['501 BAD VRFY SYNTAX.'] },
    'neither domain nor address': { say: 'VRFY <.a@b> [id-a1]', reply: ['501 INVALID VRFY PARAMETER.'] },
    'fingerprint missing': { say: 'VRFY <dime.example>', reply: ['501 INVALID VRFY PARAMETER.'] },
    'fingerprint malformed': { say: 'VRFY <dime.example> id-d1', reply: ['501 INVALID VRFY PARAMETER.'] },
    'fingerprint empty, named': {
      say: 'VRFY DOMAIN=<dime.example> FINGERPRINT=[]',
      reply: ['501 INVALID VRFY PARAMETER.'],
    },
    'trailing text': { say: 'VRFY <dime.example> [id-d1] x', reply: ['501 INVALID VRFY PARAMETER.'] },
    'name unknown': { say: 'VRFY <other.example> [id-d1]', reply: notFound },
    'fingerprint unknown': { say: 'VRFY <dime.example> [id-d9]', reply: notFound },
    newest: { say: 'VRFY <dime.example> [crypto-d2]', reply: ['250 CURRENT'] },
    'older, full': { say: 'VRFY <dime.example> [full-d1]', reply: ['250 UPDATE [full-d2]'] },
    'older, identifiable, named': {
      say: 'VRFY USER=<alice@dime.example> FINGERPRINT=[id-a1]',
      reply: ['250 UPDATE [id-a3]'],
    },
  },
  others: {
    'STATS, nonce not outstanding': { say: 'STATS [nonce]', reply: ['450 BAD NONCE.'] },
    'STATS, another nonce': { before: ['STATS'], say: 'STATS [nonce]', reply: ['450 BAD NONCE.'] },
    'STATS, malformed': { say: 'STATS [nonce', reply: ['501 BAD STATS SYNTAX.'] },
    'HELP with another word': { say: 'HELP me \x07now', reply: ['214 HELP SPECIFIED INVALID COMMAND: me ?now'] },
    'MODE on a TLS port': { say: 'MODE', reply: ['200 OK DMTPv1'] },
    'MODE on a plain port': { on: plain, say: 'MODE', reply: ['200 OK DMTPv1'] },
    'MODE on a dual port': { on: dual, say: 'mode', reply: ['200 OK ESMTP'] },
    'MODE on a TLS port of a dual server': { on: { dualMode: true }, say: 'MODE', reply: ['200 OK DMTPv1'] },
    VERB: { say: 'VERB', reply: ['200 OK'] },
    NOOP: { say: 'NOOP', reply: ['250 OK'] },
    'NOOP with anything': { say: 'NOOP <any> [thing] =x', reply: ['250 OK'] },
    RSET: { say: 'RSET', reply: ['250 OK'] },
    QUIT: { say: 'QUIT', reply: ['221 BYE'], closes: true },
    'QUIT without TLS': { on: dual, say: 'QUIT', reply: ['221 BYE'], closes: true },
  },
};

function refusals(replies: Record<RefusalReason, string | undefined>): Record<string, Row> {
  return Object.fromEntries(
    Object.entries(replies).map(([reason, reply]) => [
      reason,
      {
        on: { store: refusing(reason as RefusalReason) },
        before: [...addressed, 'DATA'],
        say: message(),
        reply: [reply ?? ''],
      },
    ]),
  );
}

for (const [title, rows] of Object.entries(tables)) {
  describe(`12.4, ${title}`, () => {
    test.each(Object.entries(rows))('%s', (_, { on, before = [], say, reply, closes = false }) => {
      const talk = new Talk(on);
      talk.say(...before);
      expect(talk.say(say).split('\r\n')).toEqual([...reply, '']);
      expect(talk.closed).toBe(closes);
    });
  });
}

describe('12.4, what comes unasked', () => {
  test.each([
    ['TLS port', {}, `220 <${host}> DMTPv1 reference\r\n`],
    ['TLS port of a dual server', { dualMode: true }, `220 <${host}> DMTPv1 reference\r\n`],
    ['plain port without SMTP', plain, `220 <${host}> DMTPv1 reference\r\n`],
    ['dual port', dual, `220 <${host}> ESMTP DMTPv1 reference\r\n`],
  ] as const)('banner: %s', (_, on, banner) => {
    expect(new Talk(on).start()).toBe(banner);
  });

  test('STARTTLS hands over to the transport, then speaks first inside TLS', () => {
    const talk = new Talk(dual);
    talk.octets(`STARTTLS <${host}>\r\nNOOP\r\n`);
    expect(talk.effects.map(({ kind }) => kind)).toEqual(['send', 'secure']);
    expect(talk.effects[1]).toEqual({ kind: 'secure', host });
    // What was smuggled in before the handshake is no command (rule 6 of 12.1).
    expect(talk.say('NOOP')).toBe('');
    expect(talk.secured()).toBe('250 OK DMTPv1\r\n');
    expect(talk.say('MODE')).toBe('200 OK DMTPv1\r\n');
    expect(talk.say('EHLO smtp.example')).toBe(`${noFallback[0]}\r\n`);
  });

  test('nothing came in time', () => {
    const talk = new Talk();
    expect(talk.session.awaiting).toBe('command');
    expect(talk.expire()).toBe(`421 ${host} CLOSING CONNECTION\r\n`);
    expect(talk.closed).toBe(true);
    expect(talk.say('NOOP')).toBe('');
  });

  test('the message did not come in time', () => {
    const talk = new Talk();
    talk.say(...addressed, 'DATA');
    expect(talk.session.awaiting).toBe('message');
    expect(talk.expire()).toBe('421 DATA FAILED - THE CONNECTION TIMED OUT WHILE WAITING FOR DATA - GOOD BYE\r\n');
    expect(talk.closed).toBe(true);
  });

  test('the server goes down', () => {
    const talk = new Talk();
    talk.say(...addressed, 'DATA');
    expect(talk.shutdown()).toBe(`421 ${host} CLOSING CONNECTION\r\n`);
    expect(talk.closed).toBe(true);
    expect(talk.shutdown()).toBe('');
  });

  test('a handshake that does not end is closed without a word', () => {
    const talk = new Talk(plain);
    talk.say(`STARTTLS <${host}>`);
    expect(talk.expire()).toBe('');
    expect(talk.closed).toBe(true);
  });
});

describe('12.4, STATS and HELP', () => {
  test('a nonce is 32 octets in base64url, fresh each time, and good once', () => {
    const talk = new Talk();
    const [first, second] = [talk.say('STATS'), talk.say('STATS')];
    expect(first).toMatch(/^200 ONCE \[[A-Za-z0-9_-]{43}\]\r\n$/);
    expect(second).not.toBe(first);
    const nonce = /\[.*\]/.exec(second)?.[0] ?? '';
    expect(talk.say(`STATS ${/\[.*\]/.exec(first)?.[0]}`)).toBe('450 BAD NONCE.\r\n');
    expect(talk.say(`STATS ${nonce.toLowerCase()}`)).toBe('450 BAD NONCE.\r\n');
    // The nonce is no part of the transaction (12.3).
    talk.say('RSET', ...mailed);
    expect(talk.say(`STATS ${nonce}`)).toBe('502 Command not implemented\r\n');
    expect(talk.say(`STATS ${nonce}`)).toBe('450 BAD NONCE.\r\n');
  });

  test('HELP lists the commands that are not disabled', () => {
    const lines = new Talk({ disabled: new Set(['VERB']) }).say('HELP').split('\r\n');
    expect(lines[0]).toBe('214-AVAILABLE COMMANDS');
    expect(lines.slice(-2)).toEqual(['214 OK', '']);
    expect(lines.slice(1, -2).sort()).toEqual(
      [
        'DATA',
        'EHLO',
        'HELO',
        'HELP',
        'HIST',
        'MAIL',
        'MODE',
        'NOOP',
        'QUIT',
        'RCPT',
        'RSET',
        'SGNT',
        'STARTTLS',
        'STATS',
        'VRFY',
      ].map((verb) => `214-${verb}`),
    );
  });

  test.each([
    ['help sgnt', 'SGNT'],
    ['HELP MAIL FROM', 'MAIL'],
    ['HELP rcpt to', 'RCPT'],
  ])('%s', (line, command) => {
    const [first, second, ...rest] = new Talk().say(line).split('\r\n');
    expect(first).toBe(`214-${command}`);
    expect(second).toMatch(/^214-\S/);
    expect(rest).toEqual(['214 OK', '']);
  });
});
