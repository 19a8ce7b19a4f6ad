/** Encrypted private key objects of profile prime (section 11.9 of the signets digest). */
import fc from 'fast-check';
import { concat, type Identity, type Octets } from '../../model/signet-builder.js';
import {
  armored,
  decryptedPlain,
  type Encryption,
  encryptedKeys,
  encryptedMagics,
  type KeysType,
  keyPlain,
  keysOctets,
  primeKeyFields,
} from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { mustBeKeys } from './keys-calls.js';
import { type Answer, base64url, isRefusal, quoted, same, show, spoken } from './signet-calls.js';
import { flipped, worldOf, worlds } from './signet-inputs.js';

const types = ['organization', 'user'] as const;

const anyType = fc.constantFrom(...types);

const octets64 = fc.uint8Array({ minLength: 64, maxLength: 64 });

const vectors = fc.uint8Array({ minLength: 16, maxLength: 16 });

const encryptedLabels = { organization: 'ENCRYPTED ORGANIZATIONAL KEY', user: 'ENCRYPTED USER KEY' } as const;

function decrypt(context: CaseContext, realmKey: Octets, octets: Octets): Promise<Answer> {
  return context.call('keys.decrypt', { profile: 'prime', data: base64url(octets), realmKey: base64url(realmKey) });
}

/** The octets in an armored text; empty when there are none. */
function dearmored(text: unknown): Octets {
  const lines = typeof text === 'string' ? text.split('\n') : [];
  const base64 = lines.filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line)).join('');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** What the adapter encrypts. */
async function encrypted(
  context: CaseContext,
  requirement: string,
  type: KeysType,
  identity: Identity,
  realmKey: Octets,
): Promise<Octets> {
  const answer = await context.call('keys.encrypt', {
    profile: 'prime',
    data: base64url(keysOctets('prime', type, identity)),
    realmKey: base64url(realmKey),
  });
  const octets = answer.kind === 'result' ? dearmored(answer.value.armored) : new Uint8Array(0);
  context.require(requirement, octets.length > 0, 'armored keys, encrypted', show(answer));
  return octets;
}

const rightly = (type: KeysType, identity: Identity, realmKey: Octets, vector: Octets): Encryption => ({
  magic: encryptedMagics[type],
  realmKey,
  vector,
  plain: keyPlain(primeKeyFields(type, identity)),
  lengthOctets: 4,
});

const sixOctets = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.encrypt',
  id: 'keys/encrypted/header-of-six-octets',
  title: 'Encrypted keys have a header of six octets: magic 1947 or 1976, and a length of four.',
  decides: ['SIG-088'],
  given: () => fc.record({ world: worlds, type: anyType, realmKey: octets64, vector: vectors }),
  check: async ({ world, type, realmKey, vector }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const written = Buffer.from(await encrypted(context, 'SIG-088', type, user, realmKey));
    const holds =
      written.length > 6 &&
      written.readUInt16BE(0) === encryptedMagics[type] &&
      written.readUInt32BE(2) === written.length - 6;
    context.require('SIG-088', holds, `magic ${encryptedMagics[type]} and a length of four octets`, quoted(written));
    const right = rightly(type, user, realmKey, vector);
    const answer = await decrypt(context, realmKey, encryptedKeys(right));
    mustBeKeys(context, 'SIG-088', answer, type, user, 'encrypted keys with a header of six octets');
    const short = await decrypt(context, realmKey, encryptedKeys({ ...right, lengthOctets: 3 }));
    context.require(
      'SIG-088',
      isRefusal(short),
      'encrypted keys with a header of five octets to be refused',
      show(short),
    );
  },
});

const asDescribed = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.encrypt',
  id: 'keys/encrypted/aes-256-gcm-under-a-realm-key',
  title: 'Keys are encrypted with AES-256-GCM under a realm key, vector and tag masked by its shards, and read so.',
  decides: ['SIG-093'],
  given: () => fc.record({ world: worlds, type: anyType, realmKey: octets64, vector: vectors }),
  check: async ({ world, type, realmKey, vector }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const right = rightly(type, user, realmKey, vector);
    const answer = await decrypt(context, realmKey, encryptedKeys(right));
    mustBeKeys(context, 'SIG-093', answer, type, user, 'keys encrypted as in section 11.9');
    const text = armored(encryptedLabels[type], encryptedKeys(right));
    const fromText = await context.call('keys.decrypt', {
      profile: 'prime',
      armored: text,
      realmKey: base64url(realmKey),
    });
    mustBeKeys(context, 'SIG-093', fromText, type, user, 'the same keys, armored');
    const written = await encrypted(context, 'SIG-093', type, user, realmKey);
    const opened = decryptedPlain(written, realmKey);
    const holds = opened !== null && same(opened.plain, right.plain);
    context.require('SIG-093', holds, `what decrypts to ${quoted(right.plain)}`, quoted(written));
  },
});

/** Ways to make encrypted keys wrong; the tag is right where it is not the tag that is wrong. */
const wrongs: readonly { readonly what: string; readonly of: (right: Encryption, place: number) => Octets }[] = [
  { what: 'one bit changed behind the header', of: (right, place) => changedBehind(encryptedKeys(right), place) },
  {
    what: 'another realm key',
    of: (right, place) => encryptedKeys({ ...right, realmKey: flipped(right.realmKey, place) }),
  },
  { what: 'the last block missing', of: (right) => resized(encryptedKeys(right).subarray(0, -16)) },
  { what: 'a block more', of: (right) => resized(concat(encryptedKeys(right), new Uint8Array(16))) },
  { what: 'one octet less', of: (right) => resized(encryptedKeys(right).subarray(0, -1)) },
  {
    what: 'padding that is not its length',
    of: (right, place) =>
      withPlain(right, (plain) => {
        plain[plain.length - 1 - (place % 8)] = 7;
      }),
  },
  {
    what: 'a pad count that is too small',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[3] = 4;
      }),
  },
  {
    what: 'a size that is too large',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[2] = 72;
      }),
  },
  {
    what: 'a size beyond its end',
    of: (right) =>
      withPlain(right, (plain) => {
        plain[0] = 1;
      }),
  },
];

const changedBehind = (octets: Octets, place: number): Octets =>
  concat(octets.subarray(0, 6), flipped(octets.subarray(6), place));

function withPlain(right: Encryption, change: (plain: Octets) => void): Octets {
  const plain = Uint8Array.from(right.plain);
  change(plain);
  return encryptedKeys({ ...right, plain });
}

/** With the length in its header adapted. */
function resized(octets: Octets): Octets {
  const copy = Buffer.from(octets);
  copy.writeUInt32BE(copy.length - 6, 2);
  return new Uint8Array(copy);
}

const wrongRefused = defineCase({
  class: 'signet-codec',
  needs: ['adapter'],
  operation: 'keys.decrypt',
  id: 'keys/encrypted/tag-size-and-padding-checked',
  title: 'Encrypted keys whose tag, size or padding is wrong are refused.',
  decides: ['SIG-094'],
  given: () =>
    fc.record({
      world: worlds,
      type: anyType,
      realmKey: octets64,
      vector: vectors,
      place: fc.nat(10_000),
      how: fc.constantFrom(...wrongs),
    }),
  check: async ({ world, type, realmKey, vector, place, how }, context) => {
    const { user } = worldOf(world);
    spoken(context, ['prime']);
    const right = rightly(type, user, realmKey, vector);
    mustBeKeys(
      context,
      'SIG-094',
      await decrypt(context, realmKey, encryptedKeys(right)),
      type,
      user,
      'encrypted keys',
    );
    const answer = await decrypt(context, realmKey, how.of(right, place));
    context.require('SIG-094', isRefusal(answer), `encrypted keys with ${how.what} to be refused`, show(answer));
  },
});

export const cases: readonly Case[] = [sixOctets, asDescribed, wrongRefused];
