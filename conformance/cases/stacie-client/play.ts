/** One login of a client with the suite as its server: what the server says, what came over the wire, and how it ended. */
import { randomBytes } from 'node:crypto';
import { type Derivation, derive, type Octets, type Revision } from '../../model/stacie-derivation.js';
import type { CaseContext } from '../../runner/context.js';
import { type HostileAnswer, type HostileStacieOptions, startHostileStacie } from '../../target/hostile-stacie.js';
import { spokenRevision } from '../stacie-derivation/stacie-calls.js';
import { base64url, isObject, type Members } from '../stacie-server/messages.js';

/** How long a client may take for a login with few rounds. */
const loginMs = 15_000;

/** What the server does; whatever is not said is right. */
export interface Play {
  readonly revision: Revision;
  readonly typed: string;
  /** As the server normalises it. */
  readonly returned: string;
  readonly password: string;
  readonly saltOctets: number | null;
  /** Octets of each nonce, or the nonce itself. */
  readonly nonce: number | Octets;
  readonly bonus: number;
  /** Members of the password method in the place of the right ones; undefined leaves one out. */
  readonly members: Members;
  /** Methods around the password method. */
  readonly before: readonly Members[];
  readonly after: readonly Members[];
  /** The text of the answer to login. */
  readonly text: (right: string) => HostileAnswer;
  readonly entries: readonly { readonly label: string; readonly index: number; readonly shard: string }[];
  /** Failed attempts before a right token is taken. */
  readonly refusals: number;
  readonly server: Partial<Omit<HostileStacieOptions, 'answer'>>;
  /** Whether the client is told to believe the certificate. */
  readonly trusted: boolean;
}

export interface Outcome {
  readonly authenticated: boolean;
  readonly keys: readonly Members[];
  /** Bodies and heads of all requests. */
  readonly wire: string;
  readonly bodies: readonly string[];
  /** Contents of the requests of that kind. */
  readonly logins: readonly Members[];
  readonly attempts: readonly Members[];
  /** What is right for the nonce of each methods answer, in their order. */
  readonly derivations: readonly Derivation[];
  readonly nonces: readonly string[];
  /** Milliseconds between the answer to login and the next request; null when there was none. */
  readonly pauseMs: number | null;
  /** For the reader of the report. */
  readonly said: string;
}

export const rightPlay: Omit<Play, 'typed' | 'returned' | 'password'> = {
  revision: '03',
  saltOctets: 128,
  nonce: 128,
  bonus: 0,
  members: {},
  before: [],
  after: [],
  text: (right) => ({ body: right }),
  entries: [],
  refusals: 0,
  server: {},
  trusted: true,
};

/** Salts and nonces are made anew for each run: a client remembers nonces, and a seed would bring them again. */
export async function play(context: CaseContext, script: Play): Promise<Outcome> {
  const revision = spokenRevision(context, script.revision);
  const { returned: username, password, bonus } = script;
  const salt = script.saltOctets === null ? null : new Uint8Array(randomBytes(script.saltOctets));
  const [logins, attempts, nonces]: [Members[], Members[], string[]] = [[], [], []];
  const derived: Derivation[] = [];
  const offered: Parameters<typeof derive>[0][] = [];
  /** Derived when it is needed, after the client's pause: the work would show in the pause that is measured. */
  const derivations = (): readonly Derivation[] => {
    for (const offer of offered.slice(derived.length)) derived.push(derive(offer));
    return derived;
  };
  let answeredAt: number | null = null;
  let pauseMs: number | null = null;

  const methods = (): string => {
    const nonce = typeof script.nonce === 'number' ? new Uint8Array(randomBytes(script.nonce)) : script.nonce;
    offered.push({ username, password, salt, nonce, bonus });
    nonces.push(base64url(nonce));
    const password_ = {
      username,
      ...(salt === null ? {} : { salt: base64url(salt) }),
      nonce: base64url(nonce),
      bonus: String(bonus),
      hash: 'sha2',
      cipher: 'aes',
      disposition: 'required',
      ...script.members,
    };
    return JSON.stringify({ methods: [...script.before, { password: password_ }, ...script.after] });
  };
  const ring = (): string =>
    JSON.stringify(
      revision === '00'
        ? {
            keys: script.entries.map(({ label, index, shard }) => ({ realm: label, key: shard, index: String(index) })),
          }
        : { realms: script.entries.map(({ label, index, shard }) => ({ index: String(index), label, shard })) },
    );
  const answer: HostileStacieOptions['answer'] = ({ body, atMs }) => {
    if (answeredAt !== null) pauseMs ??= atMs - answeredAt;
    const [kind, content] = contentOf(body);
    if (kind === 'login') {
      logins.push(content);
      const text = script.text(methods());
      answeredAt ??= performance.now();
      return text;
    }
    if (kind !== 'authenticate') return { body: JSON.stringify({ error: 'What is this?' }) };
    attempts.push(content);
    const right = derivations().some(({ ephemeralLoginToken }, at) =>
      isRight(content, username, nonces[at], ephemeralLoginToken),
    );
    return { body: right && attempts.length > script.refusals ? ring() : methods() };
  };

  let number = 0;
  const server = context.keep(
    await startHostileStacie({
      answer,
      ...script.server,
      onRequest: ({ head, body }) => context.transcript.add('received', ++number, `${head}\n\n${body}`),
      onAnswer: (text) => context.transcript.add('sent', number, text),
    }),
  );
  const call = await context.call(
    'stacie.login',
    {
      endpoint: server.endpoint,
      username: script.typed,
      password,
      revision,
      ...(script.trusted ? { trust: server.certificate } : {}),
    },
    loginMs,
  );
  server.close();
  const value: Members = call.kind === 'result' ? call.value : {};
  const keys = Array.isArray(value.keys) ? value.keys.filter(isObject) : [];
  return {
    authenticated: value.authenticated === true,
    keys,
    wire: server.requests.map(({ head, body }) => `${head}\n${body}`).join('\n'),
    bodies: server.requests.map(({ body }) => body),
    logins,
    attempts,
    derivations: derivations(),
    nonces,
    pauseMs,
    said: (call.kind === 'result' ? JSON.stringify(value) : `error ${call.code}: ${call.message}`).slice(0, 300),
  };
}

function isRight(content: Members, username: string, nonce: string | undefined, token: Octets | null): boolean {
  return (
    token !== null && content.username === username && content.nonce === nonce && content.token === base64url(token)
  );
}

function contentOf(body: string): [string, Members] {
  try {
    const value: unknown = JSON.parse(body);
    const [[kind, content] = ['', {}]] = isObject(value) ? Object.entries(value) : [];
    return [kind, isObject(content) ? content : {}];
  } catch {
    return ['', {}];
  }
}
