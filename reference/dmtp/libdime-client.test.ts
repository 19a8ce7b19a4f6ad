/** Section 12.7 of the DMTP digest: each step of libdime's client, in dual mode, judged by the client's own tests. */
import { expect, test } from 'vitest';
import { parseReply, readReply } from '../../grammar/dmtp.js';
import { base64, host, message, Talk } from './session.test-support.js';

test('libdime’s client gets through all of its commands', () => {
  const talk = new Talk({ transport: 'plain', dualMode: true });
  expect(readReply('BannerReply', talk.start())).toMatchObject({ host, words: ['ESMTP', 'DMTPv1', 'reference'] });
  expect(readReply('StartTlsReply', talk.say(`STARTTLS <${host}> MODE=DMTPv1`)).texts).toHaveLength(2);
  expect(readReply('SecuredReply', talk.secured()).mode).toBe('DMTPv1');

  expect(readReply('EhloReply', talk.say('EHLO <origin.example>')).capabilities).toContainEqual({
    name: 'SIZE',
    limit: 1000,
  });
  // The client sends the word `fingerprint` for a fingerprint (OQ-60).
  expect(parseReply(talk.say('MAIL FROM: <origin.example> [fingerprint] SIZE=6 RETURN=FULL DATA=8BIT')).code).toBe(250);
  expect(parseReply(talk.say('RCPT TO: <dime.example> [fingerprint]')).code).toBe(250);
  expect(readReply('ContinueReply', talk.say('DATA [fingerprint]')).hash).toBe('fingerprint');
  expect(readReply('StoredReply', talk.say(message())).transaction).not.toBe('');

  expect(readReply('SignetReply', talk.say('SGNT <alice@dime.example>')).signet).toBe(base64('a3'));
  expect(readReply('VerifyReply', talk.say('VRFY <alice@dime.example> [full-a3]'))).toMatchObject({ kind: 'current' });
  expect(readReply('VerifyReply', talk.say('VRFY <alice@dime.example> [full-a1]'))).toMatchObject({
    kind: 'update',
    fingerprint: 'full-a3',
  });
  expect(readReply('HistoryReply', talk.say('HIST <alice@dime.example> [full-a2]')).signets).toEqual(
    ['a2', 'a3'].map(base64),
  );
  expect(readReply('ModeReply', talk.say('MODE'))).toEqual({ kind: 'mode', code: 200, mode: 'DMTPv1' });
  expect(readReply('HelpReply', talk.say('HELP')).texts.length).toBeGreaterThan(2);
  const { nonce } = readReply('StatsReply', talk.say('STATS'));
  expect(parseReply(talk.say(`STATS [${nonce}]`)).code).toBe(502);
  for (const line of ['NOOP', 'RSET', 'QUIT']) {
    const { code, lines, end } = parseReply(talk.say(line));
    expect([Math.floor(code / 100), lines.length, end]).toEqual([2, 1, 'crlf']);
  }
  expect(talk.closed).toBe(true);
});
