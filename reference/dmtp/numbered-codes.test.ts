/** The reading `numbered-codes`, section 12.5 of the DMTP digest, row by row. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DeliveryRefused, type RefusalReason } from '../account/store.js';
import { addressed, base64, greeted, mailed, message, Talk, testStore } from './session.test-support.js';

const read = { numberedCodes: true };

test.each([
  ['SGNT, domain', [], 'SGNT <dime.example>', `270 OK [${base64('d2')}]`],
  ['SGNT, address', [], 'SGNT <alice@dime.example>', `280 OK [${base64('a3')}]`],
  ['VRFY current, domain', [], 'VRFY <dime.example> [id-d2]', '271 CURRENT'],
  ['VRFY current, address', [], 'VRFY <alice@dime.example> [id-a3]', '281 CURRENT'],
  ['VRFY update, domain', [], 'VRFY <dime.example> [id-d1]', '270 UPDATE [id-d2]'],
  ['VRFY update, address', [], 'VRFY <alice@dime.example> [id-a1]', '280 UPDATE [id-a3]'],
  ['HIST', [], 'HIST <dime.example> [id-d1]', `290-[${base64('d1')}]\r\n290-[${base64('d2')}]\r\n290 OK`],
  ['HIST, only the newest', [], 'HIST <dime.example> [id-d2]', `291-[${base64('d2')}]\r\n291 OK`],
  ['signet not found', [], 'SGNT <bob@dime.example>', '576 SIGNET NOT FOUND.'],
  ['MODE', [], 'MODE', '250 OK DMTPv1'],
  ['VERB', [], 'VERB', '250 OK'],
  ['go-ahead', addressed, 'DATA [hash]', '354 CONTINUE [NONE]'],
  [
    'destination not served',
    mailed,
    'RCPT TO: <other.example> [fp]',
    '510 RELAY ACCESS DENIED - THE DOMAIN IS NOT HOSTED LOCALLY AND RELAY ACCESS REQUIRES AUTHENTICATION',
  ],
  [
    'second destination',
    addressed,
    'RCPT TO: <other.example> [fp]',
    '431 RCPT TO REJECTED - ONE DESTINATION PER MESSAGE',
  ],
  ['message damaged', [...addressed, 'DATA'], 'nonsense', '451 INVALID DMIME DATA RECEIVED.'],
  ['too many violations', ['x', 'x', 'x'], 'x', '421 BYE'],
] as const)('%s', (_, before, line, reply) => {
  const talk = new Talk(read);
  talk.say(...before);
  expect(talk.say(line)).toBe(`${reply}\r\n`);
});

test.each([
  ['wrong for the origin', greeted, 'MAIL FROM: <dime.example> [full-d9] SIZE=6', '575'],
  ['right for the origin', greeted, 'MAIL FROM: <dime.example> [full-d2] SIZE=6', '250'],
  ['of an origin without signets here', greeted, 'MAIL FROM: <a.example> [full-d9] SIZE=6', '250'],
  ['out of date in RCPT', mailed, 'RCPT TO: <dime.example> [full-d1]', '576'],
  ['newest in RCPT', mailed, 'RCPT TO: <dime.example> [full-d2]', '250'],
])('fingerprint %s', (_, before, line, code) => {
  const talk = new Talk(read);
  talk.say(...before);
  expect(talk.say(line).slice(0, 4)).toBe(`${code} `);
});

test('STATS', () => {
  expect(new Talk(read).say('STATS')).toMatch(/^250 ONCE \[/);
});

test('a message is answered with its fingerprint, and stored once', () => {
  const store = testStore();
  const talk = new Talk({ ...read, store });
  const fingerprint = createHash('sha512').update(Buffer.from(message(), 'latin1')).digest('base64').slice(0, 86);
  talk.say(...addressed, 'DATA');
  expect(talk.say(message())).toBe(`254 ACCEPTED=${fingerprint}\r\n`);
  talk.say(...addressed, 'DATA');
  expect(talk.say(message())).toBe(`255 DUPLICATE=${fingerprint}\r\n`);
  expect(store.messages()).toHaveLength(1);
});

test.each<[RefusalReason, string]>([
  ['origin unavailable', '470'],
  ['origin unknown', '570'],
  ['invalid origin signet', '575'],
  ['wrong signature', '578'],
  ['outdated recipient signet', '586'],
  ['recipient unknown', '510'],
  ['domain not served', '510'],
  ['invalid message', '451'],
])('a store that says %s', (reason, code) => {
  const commit = (): never => {
    throw new DeliveryRefused(reason);
  };
  const receive = () => ({ write: () => undefined, pieces: () => [], abort: () => undefined, commit });
  const talk = new Talk({ ...read, store: { ...testStore(), receive } });
  talk.say(...addressed, 'DATA');
  expect(talk.say(message()).slice(0, 4)).toBe(`${code} `);
});
