/** A session with a clock and randomness in the test's hand, and the published account of -03, Appendix A.2. */
import { readFileSync } from 'node:fs';
import { createMemoryStacieStore, type MemoryStacieStore, type StacieAccount } from '../account/store.js';
import { ephemeralLoginToken } from '../formats/stacie/index.js';
import {
  formatStacieMessage,
  parseStacieAnswer,
  type RequestKind,
  type StacieMessages,
  type StacieRevision,
} from '../formats/stacie/messages/index.js';
import { createStacieSession, type StacieReply, type StacieSession, type StacieSessionOptions } from './session.js';

const file = JSON.parse(readFileSync(new URL('../../fixtures/stacie.json', import.meta.url), 'utf8'));
const { inputs, outputs } = file.derivation.find(({ tcId }: { tcId: number }) => tcId === 1);
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));

/** Vector tcId 1. */
export const published = {
  username: inputs.username as string,
  salt: octets(inputs.salt),
  nonce: octets(inputs.nonce),
  bonus: inputs.bonus as number,
  passwordKey: octets(outputs.password_key),
  verificationToken: octets(outputs.verification_token),
  loginToken: octets(outputs.ephemeral_login_token),
  shard: octets(inputs.shard),
};

export const publishedAccount: StacieAccount = {
  username: published.username,
  salt: published.salt,
  bonus: published.bonus,
  verificationToken: published.verificationToken,
  realms: [{ label: 'mail', index: 0, shard: published.shard }],
  nextIndex: new Map([['mail', 1]]),
};

/** `length` octets that differ from call to call and are the same in every run. */
export function countingRandom(first = 1): (length: number) => Uint8Array {
  let call = first;
  return (length) => {
    const made = new Uint8Array(length).fill(0x5a);
    new DataView(made.buffer).setUint32(0, call);
    call += 1;
    return made;
  };
}

export interface Desk {
  readonly session: StacieSession;
  readonly store: MemoryStacieStore;
  /** Milliseconds go by. */
  wait(ms: number): void;
  send<Kind extends RequestKind>(kind: Kind, value: StacieMessages[Kind]): StacieReply;
  /** The password method that a login is answered with. */
  login(username: string): StacieMessages['methods']['password'];
  /** A fresh nonce with the token that a holder of `verificationToken` makes of it. */
  prove(verificationToken?: Uint8Array): { username: string; nonce: Uint8Array; token: Uint8Array };
  account(): StacieAccount;
}

export function desk(options: Partial<StacieSessionOptions> = {}, revision: StacieRevision = '03'): Desk {
  let time = 0;
  const store = createMemoryStacieStore({ accounts: [publishedAccount] });
  const session = createStacieSession({
    revision,
    store,
    random: countingRandom(),
    now: () => time,
    siteSecret: new Uint8Array(32).fill(7),
    policy: { domain: 'example.tld', bonus: 131_072 },
    ...options,
  });
  const made: Desk = {
    session,
    store,
    wait: (ms) => {
      time += ms;
    },
    send: (kind, value) => session.receive(formatStacieMessage(kind, revision, value)),
    login(username) {
      const reply = made.send('login', { username });
      const answer = parseStacieAnswer(revision, reply.text);
      if (answer.kind !== 'methods') throw new Error(`login is answered with ${reply.text}`);
      return answer.value.password;
    },
    prove(verificationToken = published.verificationToken) {
      const { username, nonce, salt } = made.login(published.username);
      return { username, nonce, token: ephemeralLoginToken({ username, nonce, salt, verificationToken }) };
    },
    account() {
      const account = store.stacieAccount(published.username);
      if (account === null) throw new Error('the account is gone');
      return account;
    },
  };
  return made;
}
