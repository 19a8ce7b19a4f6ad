/** From the text of a STACIE message to its value. */
import { type DocumentOptions, type Path, pointerOf, StacieDocument } from './document.js';
import { faultAt, rowsOf, shapeFault } from './faults.js';
import {
  answerKinds,
  bounds,
  hasKind,
  type RealmEntry,
  type RealmName,
  requestKinds,
  type StacieKind,
  type StacieMessage,
  type StacieMessages,
  type StacieRevision,
} from './message.js';
import { StacieMessageError } from './message-error.js';
import { type MemberNotes, notesAt, shapeError } from './schemas.js';
import { readDecimal, readOctets, type TextFault, type TextResult } from './texts.js';

export type { DocumentOptions as ParseOptions } from './document.js';

/**
 * Reads a message that has to be of `kind` (section 3 of the STACIE digest). Unknown members are ignored.
 *
 * @param text characters, or octets that should be UTF-8
 * @throws StacieMessageError when it is not; nothing else, whatever the text
 */
export function parseStacieMessage<Kind extends StacieKind>(
  kind: Kind,
  revision: StacieRevision,
  text: string | Uint8Array,
  options: DocumentOptions = {},
): StacieMessages[Kind] {
  return readStacieMessage([kind], revision, text, options).value as StacieMessages[Kind];
}

/** Reads any request. @throws StacieMessageError */
export function parseStacieRequest(
  revision: StacieRevision,
  text: string | Uint8Array,
  options: DocumentOptions = {},
): StacieMessage & { readonly kind: (typeof requestKinds)[number] } {
  return readStacieMessage(requestKinds, revision, text, options) as StacieMessage & {
    readonly kind: (typeof requestKinds)[number];
  };
}

/** Reads any answer. @throws StacieMessageError */
export function parseStacieAnswer(
  revision: StacieRevision,
  text: string | Uint8Array,
  options: DocumentOptions = {},
): StacieMessage & { readonly kind: (typeof answerKinds)[number] } {
  return readStacieMessage(answerKinds, revision, text, options) as StacieMessage & {
    readonly kind: (typeof answerKinds)[number];
  };
}

function readStacieMessage(
  kinds: readonly StacieKind[],
  revision: StacieRevision,
  text: string | Uint8Array,
  options: DocumentOptions,
): StacieMessage {
  const document = new StacieDocument(text, options);
  const wanted = kinds.filter((kind) => hasKind(revision, kind));
  const kind = wanted.find((each) => each === document.name);
  if (kind === undefined) {
    const [only] = kinds.length === 1 ? kinds : [];
    throw new StacieMessageError({
      ...rowsOf(only === undefined ? { interpretation: 'STACIE-I-64' } : notesAt(only, [only])),
      member: pointerOf([document.name]),
      offset: document.offsetOf([document.name]),
      what: 'another message',
      bound: wanted.length === 0 ? `a message of revision ${revision}` : wanted.join(', '),
    });
  }
  const error = shapeError(kind, document.value);
  if (error !== null) throw shapeFault(document, kind, error);
  const content = (document.value as Record<string, unknown>)[kind];
  return { kind, value: readers[kind](new Reader(document, kind), content as never) } as StacieMessage;
}

const known = new Map<string, MemberNotes>();

/** `notesAt`, looked up once for all entries of an array. Only for the names that this file knows, which are few. */
function memberNotes(kind: StacieKind, path: Path): MemberNotes {
  const key = path.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('/');
  const notes = known.get(key) ?? notesAt(kind, path);
  known.set(key, notes);
  return notes;
}

/** A member's value by its name. */
type Members = Readonly<Record<string, unknown>>;

/** Reads what a schema has let through, and judges what a schema cannot. */
class Reader {
  constructor(
    readonly document: StacieDocument,
    readonly kind: StacieKind,
  ) {}

  fail(path: Path, fault: TextFault): never {
    throw faultAt(this.document, this.kind, path, fault);
  }

  octets(path: Path, value: unknown): Uint8Array {
    const full = [this.kind, ...path];
    const { octets = { min: 0, max: bounds.saltMax } } = memberNotes(this.kind, full);
    return this.#taken(path, readOctets(String(value), octets));
  }

  decimal(path: Path, value: unknown): number {
    const full = [this.kind, ...path];
    const { decimal = { max: bounds.bonus } } = memberNotes(this.kind, full);
    const written = this.document.numberAt(full);
    return this.#taken(
      path,
      readDecimal(written ?? String(value), written === null ? 'string' : 'number', decimal.max),
    );
  }

  entries(path: Path, values: readonly Members[], names: { label: string; shard: string }): RealmEntry[] {
    return this.#distinct(
      path,
      values.map((entry, at) => ({
        label: String(entry[names.label]),
        index: this.decimal([...path, String(at), 'index'], entry.index),
        shard: this.octets([...path, String(at), names.shard], entry[names.shard]),
      })),
    );
  }

  names(path: Path, values: readonly Members[]): RealmName[] {
    return this.#distinct(
      path,
      values.map((entry, at) => ({
        label: String(entry.label),
        index: this.decimal([...path, String(at), 'index'], entry.index),
      })),
    );
  }

  proof({ username, nonce, token }: Members) {
    return {
      username: String(username),
      nonce: this.octets(['nonce'], nonce),
      token: this.octets(['token'], token),
    };
  }

  #taken<Value>(path: Path, result: TextResult<Value>): Value {
    return 'fault' in result ? this.fail(path, result.fault) : result.value;
  }

  /** One entry for each label and index (section 3.2). */
  #distinct<Entry extends RealmName>(path: Path, entries: Entry[]): Entry[] {
    const seen = new Set<string>();
    for (const [at, { label, index }] of entries.entries()) {
      const key = `${index} ${label}`;
      if (seen.has(key)) {
        this.fail([...path, String(at)], {
          requirement: 'STACIE-189',
          what: `index ${index} of ${label} again`,
          bound: 'one entry for each label and index',
        });
      }
      seen.add(key);
    }
    return entries;
  }
}

const realmNames = { label: 'label', shard: 'shard' };
const optionally = <Name extends string, Value>(
  name: Name,
  given: unknown,
  read: () => Value,
): { readonly [Key in Name]?: Value } => (given === undefined ? {} : ({ [name]: read() } as { [Key in Name]: Value }));

const readers: { [Kind in StacieKind]: (reader: Reader, content: never) => StacieMessages[Kind] } = {
  login: (_, { username }: Members) => ({ username: String(username) }),
  register: (_, { username }: Members) => ({ username: String(username) }),
  error: (_, text: string) => text,
  methods: readMethods,
  authenticate: (reader, content: Members) => reader.proof(content),
  keys: (reader, entries: readonly Members[]) => reader.entries([], entries, { label: 'realm', shard: 'key' }),
  realms: (reader, entries: readonly Members[]) => reader.entries([], entries, realmNames),
  recruit: (reader, { username, salt, bonus }: Members) => ({
    username: String(username),
    salt: reader.octets(['salt'], salt),
    bonus: bonus === undefined ? 0 : reader.decimal(['bonus'], bonus),
    hash: 'sha2',
  }),
  enroll: (reader, content: Members) => ({
    username: String(content.username),
    salt: reader.octets(['salt'], content.salt),
    verificationToken: reader.octets(['verification-token'], content['verification-token']),
  }),
  change: (reader, content: Members) => ({
    ...reader.proof(content),
    passwordKey: reader.octets(['password-key'], content['password-key']),
    ...optionally('salt', content.salt, () => reader.octets(['salt'], content.salt)),
    ...optionally('bonus', content.bonus, () => reader.decimal(['bonus'], content.bonus)),
    verificationToken: reader.octets(['verification-token'], content['verification-token']),
    realms: reader.entries(['realms'], content.realms as readonly Members[], realmNames),
    removed: reader.names(['removed'], (content.removed ?? []) as readonly Members[]),
  }),
  fetch: (reader, content: Members) => ({
    ...reader.proof(content),
    ...optionally('label', content.label, () => String(content.label)),
    ...optionally('index', content.index, () => reader.decimal(['index'], content.index)),
  }),
  add: (reader, content: Members) => ({
    ...reader.proof(content),
    label: String(content.label),
    shard: reader.octets(['shard'], content.shard),
  }),
};

function readMethods(reader: Reader, methods: readonly Members[]): StacieMessages['methods'] {
  const skipped: string[] = [];
  let found: { readonly at: number; readonly password: Members } | null = null;
  for (const [at, method] of methods.entries()) {
    const [[name, parameters] = ['', {}]] = Object.entries(method) as [string, Members][];
    if (name !== 'password') {
      if (parameters.disposition !== 'optional') {
        reader.fail([String(at), name], {
          requirement: 'STACIE-178',
          interpretation: 'STACIE-I-67',
          what: 'a required method that is not known here',
          bound: 'password, and optional methods',
        });
      }
      skipped.push(name);
    } else if (found !== null) {
      reader.fail([String(at)], {
        requirement: 'STACIE-152',
        interpretation: 'STACIE-I-68',
        what: 'a second password method',
        bound: 'exactly one',
      });
    } else {
      found = { at, password: parameters };
    }
  }
  if (found === null) {
    const fault = { requirement: 'STACIE-152', interpretation: 'STACIE-I-57', what: 'no password method' };
    return reader.fail([], { ...fault, bound: 'exactly one' });
  }
  const { at, password } = found;
  const inside = (name: string): Path => [String(at), 'password', name];
  return {
    password: {
      username: String(password.username),
      ...optionally('salt', password.salt, () => reader.octets(inside('salt'), password.salt)),
      nonce: reader.octets(inside('nonce'), password.nonce),
      bonus: password.bonus === undefined ? 0 : reader.decimal(inside('bonus'), password.bonus),
      hash: 'sha2',
      cipher: 'aes',
      disposition: password.disposition === 'optional' ? 'optional' : 'required',
    },
    skipped,
  };
}
