/** The operations of the DMTP client, on the reference server and its signed zones. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../embedded.js';
import type { MailProfile, SignetChain } from '../profile.js';
import { fullFingerprint } from '../sample-mail.js';
import type { Target } from '../target.js';
import { dmtpClientOperations } from './dmtp-client-operations.js';
import { shapeError } from './schemas.js';

type Name = keyof typeof dmtpClientOperations;

let target: Target;
let mail: MailProfile;
beforeAll(async () => {
  target = await openEmbedded({ version: '0.0.0' });
  const known = target.profile.mail;
  if (known === undefined) throw new Error('the embedded target knows nobody who writes mail');
  mail = known;
});
afterAll(async () => {
  await target.close();
});

const surroundings = (more: Readonly<Record<string, number>> = {}) => {
  const { dns, dmtp } = target.profile;
  return { dns, ports: { 26: dmtp?.port ?? 0, ...more } };
};

async function carriedOut(name: Name, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const whole = { ...surroundings(), ...input };
  expect(shapeError(`${name}.input`, whole)).toBeNull();
  const result = await dmtpClientOperations[name](whole);
  expect(shapeError(`${name}.result`, result)).toBeNull();
  return result;
}

const binary = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
const inProtocol = (fingerprint: string): string => fingerprint.replaceAll('+', '-').replaceAll('/', '_');
const chainOf = (name: string): SignetChain => {
  const chain = target.profile.signets?.find((candidate) => candidate.name === name);
  if (chain === undefined) throw new Error(`no signets of ${name} are known`);
  return chain;
};
const recipient = () => {
  const [first] = mail.recipients;
  if (first === undefined) throw new Error('there is no recipient');
  return first;
};

describe('on a right server', () => {
  it('dmtp.lookup gives the current signet of a user, and how it was got', async () => {
    const { name, signet } = recipient();
    expect(await carriedOut('dmtp.lookup', { name })).toEqual({
      signet: binary(signet),
      state: 'full',
      dx: target.profile.dmtp?.name,
      port: 26,
      dnssec: 'secure',
    });
  });

  it('dmtp.verify and dmtp.history know the signets before it', async () => {
    const { name, signets } = chainOf(recipient().name);
    const [oldest, newest] = [signets[0], signets.at(-1)].map((signet) =>
      inProtocol(fullFingerprint(signet ?? new Uint8Array())),
    );
    expect(signets.length).toBeGreaterThan(1);
    expect(await carriedOut('dmtp.verify', { name, fingerprint: newest })).toMatchObject({ current: true });
    expect(await carriedOut('dmtp.verify', { name, fingerprint: oldest })).toMatchObject({
      current: false,
      latest: newest,
    });
    expect((await carriedOut('dmtp.history', { name, start: oldest })).signets).toEqual(signets.map(binary));
    expect((await carriedOut('dmtp.history', { name, start: oldest, stop: oldest })).signets).toHaveLength(1);
  });

  it('dmtp.deliver hands a message over, or gives the answer that refuses it', async () => {
    const fingerprints = {
      origin: inProtocol(mail.origin.fingerprint),
      destination: inProtocol(mail.destination.fingerprint),
    };
    const input = { origin: mail.origin.name, destination: mail.destination.name, fingerprints };
    const [message = new Uint8Array()] = fc.sample(target.profile.messages ?? fc.constant(new Uint8Array()), 1);
    expect(await carriedOut('dmtp.deliver', { ...input, message: binary(message) })).toMatchObject({
      accepted: true,
      transaction: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      reply: expect.stringMatching(/^250 OK \[/),
    });
    expect(await carriedOut('dmtp.deliver', { ...input, message: binary(message.subarray(0, -1)) })).toMatchObject({
      accepted: false,
      reply: '554 INVALID DMIME DATA RECEIVED.',
    });
  });
});

describe('a refusal', () => {
  const lookup = async (input: Readonly<Record<string, unknown>>) =>
    await dmtpClientOperations['dmtp.lookup']({ ...surroundings(), ...input });

  it('names the row that is broken: a record that no anchor proves (REC-046)', async () => {
    const { host, port } = target.profile.dns ?? {};
    await expect(lookup({ name: recipient().name, dns: { host, port } })).rejects.toMatchObject({
      name: 'OperationRefusal',
      requirement: 'REC-046',
    });
  });

  it('comes when nobody listens, for unknown users, and for trust that is none', async () => {
    await expect(lookup({ name: recipient().name, ports: { 26: 1 } })).rejects.toMatchObject({
      name: 'OperationRefusal',
    });
    await expect(lookup({ name: `nobody@${target.profile.domain}` })).rejects.toThrow('450');
    await expect(lookup({ name: recipient().name, trust: 'none' })).rejects.toThrow('trust');
  });
});
