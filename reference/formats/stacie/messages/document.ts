/** One message as a JSON document: from text to a plain value, and back from a pointer to its place in the text. */
import { GrammarError } from '../../../../grammar/parse.js';
import { type JsonNode, parseStacieText } from '../../../../grammar/stacie.js';
import { quote, StacieMessageError } from './message-error.js';
import { type StacieReadings, strictReadings } from './readings.js';
import { canonical } from './texts.js';

export interface DocumentOptions {
  readonly readings?: StacieReadings;
  /** Octets of the text, at most; 65,536 when not given. */
  readonly longest?: number;
}

/** Names from the top to a member. */
export type Path = readonly string[];

/** Members that hold base64url, whatever the message. */
const octetMembers = new Set(['salt', 'nonce', 'token', 'shard', 'key', 'password-key', 'verification-token']);

export class StacieDocument {
  readonly readings: StacieReadings;
  readonly #root: JsonNode;
  /** The name of the one member of the text. */
  readonly name: string;
  /** The document as a plain value; its objects have no prototype. */
  readonly value: unknown;

  /** @throws StacieMessageError when the text is no JSON object with exactly one member */
  constructor(text: string | Uint8Array, options: DocumentOptions) {
    this.readings = options.readings ?? strictReadings;
    this.#root = read(text, this.readings, options.longest);
    if (this.readings.repeatedNames === 'refused') refuseRepeated(this.#root, []);
    if (this.#root.kind !== 'object') {
      throw new StacieMessageError({
        requirement: 'STACIE-008',
        member: '',
        offset: this.#root.offset,
        what: describe(this.#root),
        bound: 'an object with one member',
      });
    }
    this.value = this.#plain(this.#root, '');
    const names = Object.keys(this.value as object);
    const [name] = names;
    if (name === undefined || names.length !== 1) {
      throw new StacieMessageError({
        interpretation: 'STACIE-I-64',
        member: '',
        offset: this.#root.members[1]?.offset ?? this.#root.offset,
        what: `an object with ${names.length} members`,
        bound: 'exactly one, which names the message',
      });
    }
    this.name = name;
  }

  /** Where the member begins, in octets; of a missing member, where the object begins that lacks it. */
  offsetOf(path: Path): number {
    return this.#nearest(path).offset;
  }

  /** The number at `path` as it was written, or null when there is no number. */
  numberAt(path: Path): string | null {
    const node = this.#nearest(path);
    return node.kind === 'number' ? node.text : null;
  }

  /** What stands at `path`, in few words. */
  describe(path: Path): string {
    return describe(this.#nearest(path));
  }

  #nearest(path: Path): JsonNode {
    let node = this.#root;
    for (const step of path) {
      const next: JsonNode | undefined =
        node.kind === 'object'
          ? node.members.findLast(({ name }) => name === step)?.value
          : node.kind === 'array'
            ? node.items[Number(step)]
            : undefined;
      if (next === undefined) return node;
      node = next;
    }
    return node;
  }

  #plain(node: JsonNode, name: string): unknown {
    switch (node.kind) {
      case 'object': {
        const made: Record<string, unknown> = Object.create(null);
        for (const member of node.members) made[member.name] = this.#plain(member.value, member.name);
        return made;
      }
      case 'array':
        return node.items.map((item) => this.#plain(item, name));
      case 'number':
        return Number(node.text);
      case 'string':
        return octetMembers.has(name) ? canonical(node.value, this.readings) : node.value;
      case 'literal':
        return node.value;
    }
  }
}

/** RFC 6901. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(text: string | Uint8Array, { spelling }: StacieReadings, longest: number | undefined): JsonNode {
  try {
    return parseStacieText(text, { spelling, ...(longest === undefined ? {} : { longest }) });
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    throw new StacieMessageError({
      requirement: 'STACIE-008',
      interpretation: 'STACIE-I-56',
      member: '',
      offset: error.offset,
      what: error.found === null ? 'the end of the text' : quote(error.found),
      bound: error.expected.join(' or '),
    });
  }
}

function refuseRepeated(node: JsonNode, path: Path): void {
  if (node.kind === 'array') {
    for (const [index, item] of node.items.entries()) refuseRepeated(item, [...path, String(index)]);
  }
  if (node.kind !== 'object') return;
  const seen = new Set<string>();
  for (const { name, offset, value } of node.members) {
    if (seen.has(name)) {
      throw new StacieMessageError({
        interpretation: 'STACIE-I-64',
        member: pointerOf([...path, name]),
        offset,
        what: 'the same name again',
        bound: 'each name once in an object',
      });
    }
    seen.add(name);
    refuseRepeated(value, [...path, name]);
  }
}

function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `an object of ${node.members.length}`;
    case 'array':
      return `an array of ${node.items.length}`;
    case 'string':
      return `a text of ${node.value.length} characters`;
    case 'number':
      return `the number ${node.text.slice(0, 20)}`;
    case 'literal':
      return String(node.value);
  }
}
