/** How a fault bends the STACIE sessions of the reference server: request by request, between peer and right session. */
import { type Octets, tokenOf } from '../model/stacie-derivation.js';
import type { ReferenceHooks, StacieAccount, StacieReply, StacieSession, StacieStore } from '../target/embedded.js';

export type Members = Record<string, unknown>;

/** A request on its way to the right session. */
export interface Passing {
  /** The name of its one member; empty when it is no such JSON. */
  readonly kind: string;
  readonly content: Members;
  /** As it came, one character an octet. */
  readonly octets: string;
  readonly revision: '00' | '03';
  readonly store: StacieStore;
  /** Hands the right session another request, or this one. */
  readonly ask: (kind?: string, content?: unknown) => StacieReply;
  readonly askText: (text: string | Uint8Array) => StacieReply;
}

/** What the peer is answered. */
export type StacieBend = (passing: Passing) => StacieReply;

/** All sessions of a server are bent; `make` is called once for each server, so that a bend can remember. */
export function bendStacie(make: () => StacieBend): () => ReferenceHooks {
  return () => {
    const bend = make();
    let kept: StacieStore | null = null;
    return {
      stacieStore: (store) => {
        kept = store;
        return store;
      },
      stacie: (inner) => {
        const store = kept;
        if (store === null) throw new Error('the session of a STACIE server is made before its store');
        return bent(inner, store, bend);
      },
    };
  };
}

function bent(inner: StacieSession, store: StacieStore, bend: StacieBend): StacieSession {
  return {
    revision: inner.revision,
    receive(text, options) {
      const octets = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      const { kind, content } = readRequest(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
      return bend({
        kind,
        content,
        octets,
        revision: inner.revision,
        store,
        ask: (other, members) =>
          inner.receive(other === undefined ? text : JSON.stringify({ [other]: members }), options),
        askText: (other) => inner.receive(other, options),
      });
    },
  };
}

function readRequest(text: string): { kind: string; content: Members } {
  try {
    const [[kind, content] = ['', {}]] = Object.entries(JSON.parse(text) as Members);
    return { kind, content: typeof content === 'object' && content !== null ? (content as Members) : {} };
  } catch {
    return { kind: '', content: {} };
  }
}

/** Another text in the place of the right one. */
export const saying = (reply: StacieReply, text: string): StacieReply => ({ ...reply, text });

/** A message of the server's own. */
export const answering = (kind: 'error' | 'recruit' | 'methods', content: unknown): StacieReply => ({
  status: 200,
  text: JSON.stringify({ [kind]: content }),
  kind,
  authenticated: null,
});

/** Answers of a kind, with other content. */
export function bendAnswers(
  kinds: readonly string[],
  change: (content: never, passing: Passing) => unknown,
): () => ReferenceHooks {
  return bendStacie(() => (passing) => changed(passing.ask(), kinds, change, passing));
}

export function changed(
  reply: StacieReply,
  kinds: readonly string[],
  change: (content: never, passing: Passing) => unknown,
  passing: Passing,
): StacieReply {
  if (!kinds.includes(reply.kind)) return reply;
  const content = (JSON.parse(reply.text) as Record<string, never>)[reply.kind] as never;
  return saying(reply, JSON.stringify({ [reply.kind]: change(content, passing) }));
}

/** The password method in every list of methods, changed. */
export function bendPassword(change: (password: Members, passing: Passing) => Members): () => ReferenceHooks {
  return bendAnswers(['methods'], (methods: readonly { password: Members }[], passing) =>
    methods.map(({ password }) => ({ password: change(password, passing) })),
  );
}

/** Requests of these kinds reach the session with other members. */
export function bendRequests(
  kinds: readonly string[],
  change: (content: Members, passing: Passing) => Members,
): () => ReferenceHooks {
  return bendStacie(
    () => (passing) =>
      kinds.includes(passing.kind) ? passing.ask(passing.kind, change(passing.content, passing)) : passing.ask(),
  );
}

/** The account that a request names. */
export function accountIn({ content, store }: Passing): StacieAccount | null {
  return store.stacieAccount(String(content.username));
}

/** The token that a request should have; null without an account or a nonce. */
export function rightToken(passing: Passing): string | null {
  const account = accountIn(passing);
  const nonce: Octets = Buffer.from(String(passing.content.nonce ?? ''), 'base64url');
  if (account === null || nonce.length === 0) return null;
  const { username, salt = null, verificationToken } = account;
  return Buffer.from(tokenOf(verificationToken, { username, salt, nonce })).toString('base64url');
}

/** What a careless change does not look at. */
export interface Carelessness {
  readonly passwordKey?: true;
  readonly shards?: true;
}

/** A change that is carried out by a server of its own, once its proof holds; `next` says what is kept. */
export function carelessChange(
  next: (old: StacieAccount, asked: StacieAccount) => StacieAccount,
  careless: Carelessness = {},
): () => ReferenceHooks {
  return bendStacie(() => (passing) => {
    const { kind, content, store, ask } = passing;
    if (kind !== 'change') return ask();
    const { username, nonce, token } = content;
    const proved = ask('fetch', { username, nonce, token });
    const old = accountIn(passing);
    if (proved.authenticated === null || old === null) return proved;
    const octets = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(String(value), 'base64url'));
    const entries = content.realms as readonly { label: string; index: string; shard: string }[];
    const asked: StacieAccount = {
      ...old,
      ...(content.salt === undefined ? {} : { salt: octets(content.salt) }),
      verificationToken: octets(content['verification-token']),
      realms: entries.map(({ label, index, shard }) => ({ label, index: Number(index), shard: octets(shard) })),
    };
    const { salt = null } = old;
    const led = tokenOf(octets(content['password-key']), { username: old.username, salt, nonce: null });
    const keyHolds = careless.passwordKey === true || Buffer.from(led).equals(old.verificationToken);
    const named = new Set(asked.realms.map(({ label, index }) => `${label} ${index}`));
    const complete = careless.shards === true || old.realms.every(({ label, index }) => named.has(`${label} ${index}`));
    if (!keyHolds || !complete) return answering('error', 'This change is refused.');
    const kept = next(old, asked);
    store.replaceStacieAccount(old, kept);
    const [label, shard] = passing.revision === '00' ? ['realm', 'key'] : ['label', 'shard'];
    const written = kept.realms.map((entry) => ({
      index: String(entry.index),
      [label]: entry.label,
      [shard]: Buffer.from(entry.shard).toString('base64url'),
    }));
    return saying(proved, JSON.stringify({ [proved.kind]: written }));
  });
}
