import { describe, expect, it } from 'vitest';
import { sampleAccounts, sampleKeys, sampleSignets } from '../account/store.js';
import { identityOf, openMessage, parseMessage, serializeMessage } from '../formats/message/index.js';
import { repeatable } from '../formats/message/parties.test-support.js';
import { createLocalDelivery } from './local-delivery.js';
import { type HouseKeys, newestSignet, organizationOf } from './parties.js';
import { sampleMessage } from './sample-mail.js';
import { alice, morning, testStore } from './session.test-support.js';
import { createSubmission } from './submission.js';
import type { DeliveryResult, OutgoingMessage } from './submission-contract.js';

const domain = 'dime.example';
const random = repeatable('submission');
const keys = sampleKeys(domain, random);
const house: HouseKeys = { domain, keys, signets: sampleSignets(domain, random, keys).identifiable };
const bob = sampleAccounts(domain)[1] ?? '';
const options = { house, date: morning, random };
const content = { author: alice, recipient: bob, subject: 'hello', attachment: false };

const written = (from: HouseKeys = house): Uint8Array =>
  serializeMessage(sampleMessage({ ...options, house: from }, content));

async function submit(
  octets: Uint8Array,
  { author = alice, result = { delivered: true } as DeliveryResult } = {},
): Promise<{ outcome: object; delivered: OutgoingMessage[] }> {
  const delivered: OutgoingMessage[] = [];
  const submission = createSubmission({
    organization: organizationOf(house),
    authorSignet: async (address) => newestSignet(house, address),
    deliver: async (message) => {
      delivered.push(message);
      return result;
    },
  });
  const outcome = await submission({ author, octets: octets.length, read: () => [octets], options: [] });
  return { outcome, delivered };
}

describe('a submitted message', () => {
  it('goes out with the signature of the organization, which its destination can check', async () => {
    const { outcome, delivered } = await submit(written());
    const author = identityOf('author', newestSignet(house, alice) as never);
    expect(outcome).toEqual({ accepted: true, signingKey: author.signingKeys[0] });
    const [sent] = delivered;
    if (sent === undefined) throw new Error('nothing was sent');
    expect(sent).toMatchObject({ author: alice, origin: domain, destination: domain });
    const octets = Buffer.concat([...sent.read()]);
    expect(octets).toHaveLength(sent.octets);
    const organization = organizationOf(house);
    const identity = identityOf('destination', organization.signet);
    const opened = openMessage(parseMessage('dime-2015', octets), {
      actor: 'destination',
      encryptionPrivate: organization.encryptionPrivates[0] ?? new Uint8Array(),
      identities: { origin: identity, destination: identity },
    });
    expect(opened.verified).toEqual({ 'origin-full': true });
    expect(opened.recipient?.name).toBe(bob);
  });

  it('is opened with an earlier key of the organization, if it was made for that', async () => {
    const oldest = (house.signets.get(domain) ?? []).slice(0, 1);
    const earlier = { ...house, signets: new Map([...house.signets, [domain, oldest]]) };
    const { outcome } = await submit(written(earlier));
    // The destination named in it is an earlier signet as well, which is no matter of the origin's.
    expect(outcome).toMatchObject({ accepted: true });
  });

  it('is refused when it is signed with an earlier key of its author', async () => {
    const oldest = (chain: readonly unknown[] | undefined) => (chain ?? []).slice(0, 1) as never;
    const earlier = {
      domain,
      signets: new Map([...house.signets, [alice, oldest(house.signets.get(alice))]]),
      keys: new Map([...keys, [alice, oldest(keys.get(alice))]]),
    };
    const { outcome, delivered } = await submit(written(earlier));
    expect(outcome).toMatchObject({ accepted: false, text: expect.stringContaining('bad-signature') });
    expect(delivered).toEqual([]);
  });

  it('is refused when its origin chunk names another author than the one who signed and submits', async () => {
    const asAlice = {
      domain,
      signets: new Map([...house.signets, [alice, house.signets.get(bob) ?? []]]),
      keys: new Map([...keys, [alice, keys.get(bob) ?? []]]),
    };
    const octets = written(asAlice);
    expect((await submit(octets, { author: bob })).outcome).toEqual({
      accepted: false,
      text: 'The origin chunk names another author.',
    });
    expect((await submit(octets)).outcome).toMatchObject({ accepted: false });
  });

  it.each([
    ['no message at all', Buffer.from('Subject: x\r\n\r\nx')],
    ['nothing', Buffer.alloc(0)],
    ['half a message', written().subarray(0, 1000)],
  ])('is refused when it is %s', async (_, octets) => {
    expect((await submit(octets)).outcome).toMatchObject({ accepted: false });
  });

  it('is not submitted when it is not delivered, and nobody without a signet submits', async () => {
    const result = { delivered: false, text: 'the mailbox is full' } as const;
    expect((await submit(written(), { result })).outcome).toEqual({
      accepted: false,
      text: 'The message was not delivered: the mailbox is full',
    });
    expect((await submit(written(), { author: 'nobody@dime.example' })).outcome).toMatchObject({ accepted: false });
  });
});

describe('delivery within the house', () => {
  const outgoing = (octets: Uint8Array, destination = domain): OutgoingMessage => ({
    octets: octets.length,
    read: () => [octets],
    author: alice,
    origin: domain,
    originFingerprint: '',
    destination,
    destinationFingerprint: '',
    options: [],
  });

  it('puts the message in the INBOX of its recipient, octet for octet', async () => {
    const { delivered } = await submit(written());
    const octets = Buffer.concat([...(delivered[0]?.read() ?? [])]);
    const store = testStore();
    store.createAccount({ name: bob, mode: 'TRUSTFUL' });
    const deliver = createLocalDelivery({ organization: organizationOf(house), store, clock: () => morning });
    expect(await deliver(outgoing(octets))).toEqual({ delivered: true });
    const reader = store.open(store.mailbox(bob, 'INBOX')?.id ?? 0, 1);
    expect(Buffer.from(reader?.read(0, octets.length + 1) ?? []).equals(octets)).toBe(true);
  });

  it('refuses what has no recipient here, what it cannot open, and other domains', async () => {
    const { delivered } = await submit(written());
    const octets = Buffer.concat([...(delivered[0]?.read() ?? [])]);
    const organization = organizationOf(house);
    const deliver = createLocalDelivery({ organization, store: testStore(), clock: () => morning });
    expect(await deliver(outgoing(octets))).toMatchObject({ delivered: false });
    expect(await deliver(outgoing(written()))).toMatchObject({ delivered: false });
    expect(await deliver(outgoing(octets, 'other.example'))).toMatchObject({ delivered: false });
  });
});
