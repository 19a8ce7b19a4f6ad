/** A server to talk with in tests, without a socket. */
import { createMemoryStore, type MemoryStore, type StoredSignet } from '../account/store.js';
import type { ArrivedMail, Judgement } from './judgement.js';
import { createDmtpSession, type DmtpSession, type DmtpSessionOptions, type SessionEffect } from './session.js';

export const host = 'dx.dime.example';

/** A signet whose text and fingerprints tell which one it is. */
export const signet = (mark: string): StoredSignet => ({
  octets: Buffer.from(`signet ${mark}`),
  fingerprints: { cryptographic: `crypto-${mark}`, full: `full-${mark}`, identifiable: `id-${mark}` },
});
export const base64 = (mark: string): string => Buffer.from(`signet ${mark}`).toString('base64');

export const testStore = (): MemoryStore =>
  createMemoryStore({
    accounts: ['alice@dime.example'],
    signets: new Map([
      ['dime.example', ['d1', 'd2'].map(signet)],
      ['alice@dime.example', ['a1', 'a2', 'a3'].map(signet)],
    ]),
  });

/** Every call gives other octets, the same ones in each run. */
export function countingRandom(): (octets: number) => Uint8Array {
  let calls = 0;
  return (octets) => {
    calls++;
    return Uint8Array.from({ length: octets }, (_, index) => (calls * 31 + index * 7) & 0xff);
  };
}

export class Talk {
  readonly session: DmtpSession;
  readonly effects: SessionEffect[] = [];

  /** @param judge decides at once; null leaves it to the test */
  constructor(
    options: Partial<DmtpSessionOptions> = {},
    private readonly judge: ((mail: ArrivedMail) => Judgement) | null = () => ({ accepted: true, recipient: null }),
  ) {
    this.session = createDmtpSession({
      host,
      software: 'reference',
      domains: ['dime.example'],
      store: testStore(),
      transport: 'tls',
      dualMode: false,
      limits: { messageOctets: 1000, violations: 3 },
      disabled: new Set(),
      random: countingRandom(),
      ...options,
    });
  }

  /** Gives octets (latin1) as they are; returns what is sent. */
  octets(text: string): string {
    return this.#sent(this.session.receive(Buffer.from(text, 'latin1')));
  }

  /** Says lines one by one; returns the reply to the last. */
  say(...lines: string[]): string {
    return lines.map((line) => this.octets(`${line}\r\n`)).at(-1) ?? '';
  }

  start(): string {
    return this.#sent(this.session.start());
  }

  secured(): string {
    return this.#sent(this.session.secured());
  }

  expire(): string {
    return this.#sent(this.session.expire());
  }

  judged(judgement: Judgement): string {
    return this.#sent(this.session.judged(judgement));
  }

  shutdown(): string {
    return this.#sent(this.session.shutdown());
  }

  get closed(): boolean {
    return this.effects.at(-1)?.kind === 'close';
  }

  #sent(effects: SessionEffect[]): string {
    this.effects.push(...effects);
    return effects
      .map((effect) => {
        if (effect.kind === 'send') return Buffer.from(effect.octets).toString('latin1');
        return effect.kind === 'judge' && this.judge !== null ? this.judged(this.judge(effect.mail)) : '';
      })
      .join('');
  }
}

/** Lines that lead to each state of section 12.3 from the one before. */
export const greeted = ['EHLO <origin.example>'];
export const mailed = [...greeted, 'MAIL FROM: <origin.example> [fp] SIZE=6'];
export const addressed = [...mailed, 'RCPT TO: <dime.example> [fp]'];

/** A message in its outer layout: header, and as many octets as it tells. */
export const message = (octets = ''): string => {
  const header = Buffer.from([0x07, 0x37, 0, 0, 0, 0]);
  header.writeUInt32BE(octets.length, 2);
  return header.toString('latin1') + octets;
};
