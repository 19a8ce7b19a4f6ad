/** A target file's signets and keys: read, and refused where the suite could not make right mail of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { octetsFrom } from '../model/message-parties.js';
import { splitMessage } from '../model/message-tables.js';
import {
  encryptionKey,
  type Form,
  type Identity,
  organizationFields,
  signetOctets,
  signingKey,
  userFields,
} from '../model/signet-builder.js';
import { armored, keysOctets } from '../model/signet-keys.js';
import { readChains, readMail } from './mail-files.js';
import { mails } from './sample-mail.js';
import { TargetError } from './target.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dime-mail-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};
const identity = (who: string): Identity => ({
  signing: signingKey(octetsFrom(`${who} signing`, 32)),
  encryption: encryptionKey(octetsFrom(`${who} encryption`, 32)),
});
const organization = (name: string, form: Form = 'identifiable'): Uint8Array =>
  signetOctets(
    'dime-2015',
    'organization',
    organizationFields('dime-2015', identity(name), { form, identifier: name }),
  );
const user = (name: string, signer = name.slice(name.indexOf('@') + 1), form: Form = 'identifiable'): Uint8Array =>
  signetOctets(
    'dime-2015',
    'user',
    userFields('dime-2015', identity(name), { signer: identity(signer).signing, form, identifier: name }),
  );

const [origin, ann, destination, bob, carl] = [
  'origin.example',
  'ann@origin.example',
  'destination.example',
  'bob@destination.example',
  'carl@destination.example',
];
const files = {
  origin: {
    name: origin,
    signet: write('origin', armored('ORGANIZATIONAL SIGNET', organization(origin))),
    keys: write(
      'origin.keys',
      armored('ORGANIZATIONAL KEY', keysOctets('dime-2015', 'organization', identity(origin))),
    ),
  },
  author: {
    name: ann,
    signet: write('ann', user(ann)),
    keys: write('ann.keys', keysOctets('dime-2015', 'user', identity(ann))),
  },
  destination: { signet: write('destination', organization(destination, 'full')) },
  recipients: [{ name: bob.toUpperCase(), signet: write('bob', user(bob)) }],
  locked: [{ name: carl, signet: write('carl', user(carl, destination, 'full')), reason: 'abuse' as const }],
};

describe('the mail of a target file', () => {
  it('is read from armored and binary files, full and identifiable signets', () => {
    const mail = readMail(files, destination);
    expect(
      [mail.origin, mail.author, mail.destination, ...mail.recipients, ...mail.locked].map(({ name }) => name),
    ).toEqual([origin, ann, destination, bob, carl]);
    expect(mail.destination.signet).toEqual(organization(destination, 'full'));
    expect(mail.recipients[0]?.signet).toEqual(user(bob, destination, 'full'));
    expect(mail.locked[0]?.reason).toBe('abuse');
    expect(mail.author.signingSeed()).toEqual(identity(ann).signing.seed);
    for (const party of [mail.origin, mail.destination]) expect(party.fingerprint).toMatch(/^[A-Za-z0-9+/]{86}$/);
    expect(JSON.stringify(mail)).not.toContain(Buffer.from(identity(ann).signing.seed).toString('base64'));
  });

  it('makes messages with all chunks that a message needs', () => {
    const [message = new Uint8Array()] = fc.sample(mails(readMail(files, destination)), { numRuns: 1, seed: 1 });
    expect(splitMessage('dime-2015', message).chunks.map(({ type }) => type)).toEqual([2, 4, 5, 33, 67, 225, 226, 255]);
  });

  const missing = path.join(folder, 'missing');
  it.each<[string, object, RegExp]>([
    ['a file that is not there', { destination: { signet: missing } }, /^mail\.destination: .*ENOENT.*missing/],
    ['no signet', { destination: { signet: files.origin.keys } }, /^mail\.destination: .*origin\.keys/],
    ['broken armor', { destination: { signet: write('armor', '-----BEGIN X-----\n') } }, /^mail\.destination: .*armor/],
    ['a signet of another type', { destination: files.author }, /is of type user, not organization$/],
    [
      'a signet of a lower form',
      { destination: { signet: write('low', organization(destination, 'cryptographic')) } },
      /is no signet in the full or identifiable form$/,
    ],
    ['a signet of another name', { author: { ...files.author, name: 'eve@origin.example' } }, /is the signet of "ann@/],
    [
      'the keys of another',
      { author: { ...files.author, keys: files.origin.keys } },
      /does not hold the signing key of/,
    ],
    [
      'an author who is not of the origin',
      {
        author: {
          ...files.author,
          name: bob,
          signet: files.recipients[0]?.signet,
          keys: write('bob.keys', keysOctets('dime-2015', 'user', identity(bob))),
        },
      },
      /bob@destination\.example is no address of origin\.example$/,
    ],
    [
      'a recipient whom another organization signed',
      { recipients: [{ name: bob, signet: write('other', user(bob, origin)) }] },
      /^mail\.recipients\[0\]: .*does not hold with the signet of its organization/,
    ],
  ])('is refused with %s', (_, change, reason) => {
    const read = () => readMail({ ...files, ...change }, destination);
    expect(read).toThrow(TargetError);
    expect(read).toThrow(reason);
  });

  it('is refused when the origin is the target itself', () => {
    const self = { ...files, destination: files.origin };
    expect(() => readMail(self, origin)).toThrow(/it has to be another one|is no address of/);
  });
});

describe('the published signets of a target file', () => {
  it('are read in their order, in the full form, and in the identifiable one where that is there', () => {
    const chains = readChains([{ name: bob, files: [files.recipients[0]?.signet ?? ''] }]);
    const whole = user(bob, destination, 'identifiable');
    expect(chains).toEqual([{ name: bob, signets: [user(bob, destination, 'full')], identifiable: [whole] }]);
  });

  it('are refused with the place of the wrong one', () => {
    const chain = [{ name: destination, files: [files.destination.signet, files.author.signet] }];
    expect(() => readChains(chain)).toThrow(/^signets\[0\]\.files\[1\]: .* is of type user, not organization$/);
  });
});
