/** A server to talk with in tests, without a socket: accounts with mail, and a client that says lines. */
import type { DateTime } from '../../grammar/dmap.js';
import type { AccountMode, MailStore } from '../account/mail-store.js';
import { createMemoryMailStore } from '../account/memory-mail-store.js';
import { createDmapSession } from './session.js';
import type { DmapSession, SessionEffect } from './session-contract.js';
import type { DmapSessionOptions } from './session-options.js';

export const alice = 'alice@dime.example';

export const morning: DateTime = { year: 2026, month: 11, day: 2, hour: 8, minute: 30, second: 0, zone: '+0100' };

/** Time stands still in the test's stores: values of UIDVALIDITY begin with 1700000000. */
export function testStore(mode: AccountMode = 'CAUTIOUS'): MailStore {
  const store = createMemoryMailStore({ now: () => 1_700_000_000 });
  store.createAccount({ name: alice, mode });
  return store;
}

/** Puts a message in a mailbox and gives its UID. */
export function put(store: MailStore, octets: string | Uint8Array, flags: string[] = [], mailbox = 'INBOX'): number {
  const listing = store.mailbox(alice, mailbox);
  if (listing === null) throw new Error(`there is no mailbox ${mailbox}`);
  const sink = store.append(listing.id, { flags, internalDate: morning });
  sink.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets);
  return sink.commit().uid;
}

export class Talk {
  readonly session: DmapSession;
  /** All that is not sent text, in order. */
  readonly effects: SessionEffect[] = [];
  readonly store: MailStore;
  /** How often somebody's change was announced. */
  changes = 0;
  /** Looks at what is sent before it is put together. */
  readonly sizes: number[] = [];

  constructor(options: Partial<DmapSessionOptions> = {}) {
    this.store = options.store ?? testStore();
    this.session = createDmapSession({
      store: this.store,
      beginStacie: () => {
        throw new Error('no STACIE in this test');
      },
      mode: 'TRUSTFUL',
      clock: () => morning,
      changed: () => {
        this.changes += 1;
      },
      greeting: { kind: 'preauth', username: alice },
      ...options,
    });
  }

  start(): string {
    return this.take(this.session.start());
  }

  /** Gives octets (latin1) as they are; returns what is sent, until the session needs something else than room. */
  octets(text: string): string {
    return this.take(this.session.receive(Buffer.from(text, 'latin1')));
  }

  /** Says lines one by one; returns the answer to the last, without its line end. */
  say(...lines: string[]): string {
    return (lines.map((line) => this.octets(`${line}\r\n`)).at(-1) ?? '').replace(/\r\n$/, '');
  }

  /** The lines of the answer. */
  lines(line: string): string[] {
    return this.say(line).split('\r\n');
  }

  take(effects: SessionEffect[]): string {
    let sent = '';
    let next = effects;
    for (;;) {
      for (const effect of next) {
        if (effect.kind === 'send') {
          this.sizes.push(effect.octets.length);
          sent += Buffer.from(effect.octets).toString('latin1');
        } else {
          this.effects.push(effect);
        }
      }
      if (this.session.awaiting !== 'room') return sent;
      next = this.session.more();
    }
  }

  get closed(): boolean {
    return this.effects.at(-1)?.kind === 'close';
  }
}

/** A client whose mailbox is selected. */
export function selected(options: Partial<DmapSessionOptions> = {}, command = 'SELECT INBOX'): Talk {
  const talk = new Talk(options);
  talk.start();
  const answer = talk.say(`select ${command}`);
  if (!/(^|\n)select OK /.test(answer)) throw new Error(`not selected: ${answer}`);
  return talk;
}
