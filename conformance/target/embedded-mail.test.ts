/**
 * What the embedded reference says to mail that the model made, apart from the codecs of the reference: right, or wrong in
 * one place ("After the message" in section 12.4 of the DMTP digest).
 */
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMessage, type MessageInput, type Ways } from '../model/message-builder.js';
import { octetsFrom } from '../model/message-parties.js';
import { signingKey } from '../model/signet-builder.js';
import { openEmbedded } from './embedded.js';
import type { MailProfile, TargetProfile } from './profile.js';
import { mailInput } from './sample-mail.js';
import type { Target } from './target.js';

const targets: Record<'canonical' | 'numbered', Target | undefined> = { canonical: undefined, numbered: undefined };
beforeAll(async () => {
  [targets.canonical, targets.numbered] = await Promise.all(
    [false, true].map((numberedCodes) =>
      openEmbedded({
        version: '0.0.0',
        numberedCodes,
        limits: { idleMs: 30_000 },
        host: numberedCodes ? '::1' : '127.0.0.1',
      }),
    ),
  );
});
afterAll(async () => {
  for (const target of Object.values(targets)) await target?.close();
});

interface Wishes {
  readonly to?: (mail: MailProfile) => MailProfile['recipients'][number];
  readonly input?: (input: MessageInput) => Partial<MessageInput>;
  readonly ways?: Partial<Ways>;
  /** Of MAIL. */
  readonly from?: string;
  readonly fingerprint?: (mail: MailProfile) => string;
}

/** The answer to the message: the whole session goes out in one piece, another NOOP and QUIT behind it. */
async function answerTo(target: Target | undefined, wishes: Wishes = {}): Promise<string> {
  if (target === undefined) throw new Error('no target');
  const { dmtp, domain, mail } = target.profile as TargetProfile & { readonly mail: MailProfile };
  const { to, ways = {}, from = mail.origin.name } = wishes;
  const fingerprint = wishes.fingerprint?.(mail) ?? mail.origin.fingerprint;
  const right = mailInput(mail, { seed: 'embedded mail', ...(to === undefined ? {} : { recipient: to(mail) }) });
  const message = buildMessage({ ...right, ...wishes.input?.(right) }, ways);
  const said = [
    'EHLO <x>',
    `MAIL FROM: <${from}> [${fingerprint}] SIZE=${message.length}`,
    `RCPT TO: <${domain}> [${mail.destination.fingerprint}]`,
    'DATA',
    `${Buffer.from(message).toString('latin1')}`,
    'NOOP',
    'QUIT',
    '',
  ];
  const socket = connect({ host: dmtp?.host ?? '', port: dmtp?.port ?? 0, rejectUnauthorized: false });
  let heard = '';
  socket.on('data', (octets) => {
    heard += octets.toString('latin1');
  });
  socket.write(Buffer.from(said.join('\r\n'), 'latin1'));
  await new Promise((resolve) => socket.once('close', resolve));
  const [, answer, rest] = /\r\n354 [^\r]*\r\n([^\r]*)\r\n(.*)$/s.exec(heard) ?? [];
  expect(rest, heard).toBe('250 OK\r\n221 BYE\r\n');
  return answer ?? '';
}

const changed =
  (wanted: number, at: number): Ways['finished'] =>
  (chunks) =>
    chunks.map((chunk) =>
      chunk[0] === wanted ? chunk.map((octet, place) => (place === at ? octet ^ 1 : octet)) : chunk,
    );

const stranger = signingKey(octetsFrom('a stranger', 32));
const named =
  (name: string) =>
  ({ recipients: [recipient] }: MailProfile) => ({
    name,
    signet: recipient?.signet ?? new Uint8Array(),
    fingerprint: '',
  });

describe('mail that is right', () => {
  it.each(['canonical', 'numbered'] as const)('is stored, in the reading %s', async (reading) => {
    expect(await answerTo(targets[reading])).toMatch(/^25[045] /);
    const bounces = { input: () => ({ bounces: [248, 249] as const, tracing: Buffer.from('traced') }) };
    expect(await answerTo(targets[reading], bounces)).toMatch(/^25[045] /);
    expect(await answerTo(targets[reading], { to: ({ recipients }) => recipients[1] ?? fail() })).toMatch(/^25[045] /);
  });
});

describe('mail that is wrong in one place', () => {
  it.each<[string, Wishes, number, number]>([
    ['is not signed by the origin', { input: () => ({ originKey: null }) }, 554, 578],
    ['is signed by another', { input: () => ({ originKey: stranger }) }, 554, 578],
    ['has no signature of the origin', { ways: { has: (type) => type !== 255 } }, 554, 451],
    ['has no common headers', { ways: { finished: (all) => all.filter(([type]) => type !== 33) } }, 554, 451],
    ['was changed in its display', { ways: { finished: changed(67, 40) } }, 554, 578],
    ['was changed in its envelope', { ways: { finished: changed(5, 40) } }, 554, 578],
    ['was changed in the key slot of its destination', { ways: { finished: changed(5, 340) } }, 554, 578],
    ['has a bounce signature that was never made', { ways: { unwanted: 'leave' } }, 554, 578],
    ['has its chunks in another order', { ways: { finished: (all) => all.toReversed() } }, 554, 451],
    [
      'comes from another domain than MAIL said',
      { from: 'reference.example', fingerprint: ({ destination }) => destination.fingerprint },
      554,
      578,
    ],
    [
      'names another signet of its origin',
      {
        input: ({ parties }) => ({
          parties: { ...parties, origin: { ...parties.origin, fingerprint: 'A'.repeat(86) } },
        }),
      },
      554,
      575,
    ],
    [
      'names a signet that its recipient never had',
      {
        input: ({ parties }) => ({
          parties: { ...parties, recipient: { ...parties.recipient, fingerprint: 'A'.repeat(86) } },
        }),
      },
      554,
      586,
    ],
    ['is for nobody', { to: named('nobody@reference.example') }, 554, 510],
    ['is for another domain', { to: named('alice@elsewhere.example') }, 551, 510],
    ['is for a locked account', { to: ({ locked: [first] }) => first ?? fail() }, 550, 550],
    ['comes from an origin that nobody knows', { from: 'unknown.example' }, 451, 470],
  ])('and %s, is refused', async (_, wishes, canonical, numbered) => {
    expect((await answerTo(targets.canonical, wishes)).slice(0, 4)).toBe(`${canonical} `);
    expect((await answerTo(targets.numbered, wishes)).slice(0, 4)).toBe(`${numbered} `);
  });

  it('in MAIL alone, is refused in the reading numbered-codes', async () => {
    const wrong = { fingerprint: () => 'A'.repeat(86) };
    expect(await answerTo(targets.canonical, wrong)).toMatch(/^250 /);
    expect(await answerTo(targets.numbered, wrong)).toMatch(/^575 /);
  });
});

function fail(): never {
  throw new RangeError('the embedded target has no such account');
}
