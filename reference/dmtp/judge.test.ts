/** What becomes of messages: those that libdime was seen to judge, and those that are wrong for their transaction. */
import { describe, expect, it } from 'vitest';
import type { LockReason, StoredSignet } from '../account/store.js';
import { serializeMessage } from '../formats/message/index.js';
import { encryptionPrivate, parties, repeatable, sentMessage } from '../formats/message/parties.test-support.js';
import { fromBase64, libdime } from '../formats/message/vectors.test-support.js';
import { fingerprintOf, fingerprintText, generateKeys, parseSignet } from '../formats/signet/index.js';
import { createJudge, type JudgeOptions } from './judge.js';
import type { ArrivedMail } from './judgement.js';

const signet = (name: string) => parseSignet('dime-2015', fromBase64(libdime.signets[name] ?? ''));
const { origin, destination, recipient } = libdime.identities;

const stored = (name: string): StoredSignet => ({
  octets: signet(name).octets,
  fingerprints: {
    cryptographic: fingerprintText(fingerprintOf(signet(name), 'cryptographic')),
    full: fingerprintText(fingerprintOf(signet(name), 'full')),
    identifiable: fingerprintText(fingerprintOf(signet(name), 'identifiable')),
  },
});

interface Account {
  readonly signets: readonly StoredSignet[];
  readonly lock?: LockReason;
}

const storeOf = (accounts: Readonly<Record<string, Account>>): JudgeOptions['store'] => ({
  signets: (name) => accounts[name]?.signets ?? null,
  hasAccount: (name) => name in accounts,
  lockOf: (name) => accounts[name]?.lock ?? null,
});

const key = { fingerprint: 'of the destination', encryptionPrivate: encryptionPrivate('destination') };
const judge = (octets: Uint8Array, mail: Partial<ArrivedMail> = {}, options: Partial<JudgeOptions> = {}) =>
  createJudge({
    domains: new Set([destination]),
    store: storeOf({ [recipient]: { signets: [stored('recipient')] } }),
    keysOf: () => [key],
    originSignets: async () => ({ kind: 'known', signets: [signet('origin')] }),
    numberedCodes: false,
    ...options,
  })({
    origin,
    originFingerprint: stored('origin').fingerprints.full,
    destination,
    destinationFingerprint: key.fingerprint,
    octets: octets.length,
    pieces: () => [octets],
    ...mail,
  });

const refused = (reason: string) => ({ accepted: false, reason });
const accepted = { accepted: true, recipient };

/** Where libdime takes or refuses what the digest has it otherwise; the vectors name the quirk. */
const quirks = ['secondary-key-not-tried', 'order-not-checked', 'duplicates-not-checked', 'chunk-sizes-must-be-equal'];

describe('messages that libdime judged as the destination', () => {
  it.each(libdime.cases.map(({ tcId, comment }) => [tcId, comment] as const))('%i: %s', async (tcId) => {
    const vector = libdime.cases.find((each) => each.tcId === tcId);
    const { result } = vector?.expected.actors.destination ?? { result: 'error' };
    const differs = vector?.flags.some((flag) => quirks.includes(flag.replace('quirk:', ''))) ?? false;
    const judgement = await judge(fromBase64(vector?.input.data ?? ''));
    expect(judgement.accepted).toBe((result === 'ok') !== differs);
  });
});

const message = serializeMessage(sentMessage());

describe('a right message', () => {
  it('is accepted, for its recipient, however its octets come', async () => {
    expect(await judge(message)).toEqual(accepted);
    const pieces = () => Array.from(message, (octet) => Uint8Array.of(octet));
    expect(await judge(message, { pieces })).toEqual(accepted);
    expect(await judge(serializeMessage(sentMessage({}, ['metadata', 'display'])))).toEqual(accepted);
  });

  it('opens with each key of the domain, and with the one that RCPT names alone', async () => {
    const other = {
      fingerprint: 'other',
      encryptionPrivate: generateKeys('dime-2015', 'organization', repeatable('other')).encryptionPrivate,
    };
    const keysOf = () => [other, key];
    expect(await judge(message, { destinationFingerprint: 'fingerprint' }, { keysOf })).toEqual(accepted);
    expect(await judge(message, {}, { keysOf })).toEqual(accepted);
    expect(await judge(message, { destinationFingerprint: 'other' }, { keysOf })).toEqual(refused('wrong signature'));
  });

  it('is read without keeping more of it than its envelope and its signatures', async () => {
    const large = serializeMessage(sentMessage({ display: [{ data: new Uint8Array(6 * 1024 * 1024) }] }));
    expect(await judge(large)).toEqual(accepted);
    const changed = Uint8Array.from(large);
    changed.fill(0, 1_000_000, 1_000_016);
    expect(await judge(changed)).toEqual(refused('wrong signature'));
  });
});

describe('a message', () => {
  it('whose transaction is of another origin, is refused', async () => {
    expect(await judge(message, { origin: 'elsewhere.example' })).toEqual(refused('invalid message'));
  });

  it.each([
    ['cannot be had now', async () => ({ kind: 'unavailable' }) as const, 'origin unavailable'],
    ['cannot be asked for', () => Promise.reject(new Error('no network')), 'origin unavailable'],
    ['is not there', async () => ({ kind: 'none' }) as const, 'origin unknown'],
    [
      'is another one',
      async () => ({ kind: 'known', signets: [signet('strangerOrganisation')] }) as const,
      'wrong signature',
    ],
  ])('whose origin has a signet that %s, is refused', async (_, originSignets, reason) => {
    expect(await judge(message, {}, { originSignets })).toEqual(refused(reason));
  });

  it('that names another signet of its origin than one it has, is refused', async () => {
    const named = { ...parties.origin, fingerprint: 'A'.repeat(86) };
    expect(await judge(serializeMessage(sentMessage({ origin: named })))).toEqual(refused('invalid origin signet'));
  });

  it.each([
    ['of a domain that is not served', `x@elsewhere.example`, 'domain not served'],
    ['of another domain than that of RCPT', `x@second.example`, 'invalid message'],
    ['that there is not', `nobody@${destination}`, 'recipient unknown'],
    ['that was never an address', destination, 'recipient unknown'],
  ])('to an account %s, is refused', async (_, name, reason) => {
    const octets = serializeMessage(sentMessage({ recipient: { ...parties.recipient, name } }));
    expect(await judge(octets, {}, { domains: new Set([destination, 'second.example']) })).toEqual(refused(reason));
  });

  it.each([
    ['administrator', 'locked by administrator'],
    ['inactivity', 'locked for inactivity'],
    ['abuse', 'locked for abuse'],
    ['owner', 'locked by owner'],
  ] as const)('to an account that is locked, is refused: %s', async (lock, reason) => {
    const store = storeOf({ [recipient]: { signets: [stored('recipient')], lock } });
    expect(await judge(message, {}, { store })).toEqual(refused(reason));
  });

  it('that names a signet which its recipient never had, is refused', async () => {
    const store = storeOf({ [recipient]: { signets: [stored('strangerUser')] } });
    expect(await judge(message, {}, { store })).toEqual(refused('invalid message'));
  });

  it('with an envelope that no names and no padding make so large, is refused unread', async () => {
    const name = `${'x'.repeat(70_000)}@${destination}`;
    const octets = serializeMessage(sentMessage({ recipient: { ...parties.recipient, name } }));
    expect(await judge(octets)).toEqual(refused('invalid message'));
  });
});

describe('the reading numbered-codes', () => {
  const numberedCodes = true;
  const replaced = storeOf({ [recipient]: { signets: [stored('recipient'), stored('strangerUser')] } });

  it('refuses a message with a signet of the recipient that was replaced, which is right otherwise', async () => {
    expect(await judge(message, {}, { store: replaced })).toEqual(accepted);
    const outdated = refused('outdated recipient signet');
    expect(await judge(message, {}, { store: replaced, numberedCodes })).toEqual(outdated);
  });

  it('refuses a fingerprint in MAIL that no signet of the origin has', async () => {
    const kinds = Object.values(stored('origin').fingerprints);
    for (const originFingerprint of kinds) {
      expect(await judge(message, { originFingerprint }, { numberedCodes })).toEqual(accepted);
    }
    const wrong = { originFingerprint: 'A'.repeat(86) };
    expect(await judge(message, wrong, { numberedCodes })).toEqual(refused('invalid origin signet'));
    expect(await judge(message, wrong)).toEqual(accepted);
  });
});

it('a store that fails is no verdict on the message', async () => {
  const fails = (): never => {
    throw new Error('the disk is on fire');
  };
  const store = { signets: fails, hasAccount: fails, lockOf: fails };
  await expect(judge(message, {}, { store })).rejects.toThrow('on fire');
});
