/** What `dime-conformance explain` says about a thing: rows of what is there, and findings of what is wrong with it. */
import type { Actor, Identities } from '../../reference/formats/message/index.js';
import type { PrivateKeys, Profile, Signet } from '../../reference/formats/signet/index.js';

/** What a person can say that the thing is. */
export const askedKinds = ['signet', 'keys', 'message', 'record', 'dmtp', 'stacie'] as const;
export type AskedKind = (typeof askedKinds)[number];

export type Kind = AskedKind | 'unknown';

export interface Row {
  /** From the start of the binary object or the text; null for what is derived from the whole. */
  readonly offset: number | null;
  readonly octets: number | null;
  readonly name: string;
  /** May hold text of a peer: escape it before it is shown. */
  readonly value: string;
  /** Of signatures: whether they hold. */
  readonly signature?: 'holds' | 'fails' | 'unchecked';
}

export interface Finding {
  /** `note` does not count against the thing: something that could not be checked, or is worth knowing. */
  readonly severity: 'wrong' | 'note';
  /** The row of the catalogue, an open question, or an interpretation that says so. */
  readonly requirement: string | null;
  readonly offset: number | null;
  readonly text: string;
}

export interface Explanation {
  readonly kind: Kind;
  /** What the thing is, in a few words. */
  readonly title: string;
  readonly profile: string | null;
  /** Of the object, without its armor. */
  readonly octets: number;
  readonly rows: readonly Row[];
  /** Rows beyond the limit. What they would have shown was judged all the same. */
  readonly rowsLeftOut: number;
  readonly findings: readonly Finding[];
  /** Nothing is wrong with it. */
  readonly valid: boolean;
}

/** What the caller knows, and what he wants to see. */
export interface Wishes {
  readonly as?: AskedKind;
  readonly profile?: Profile;
  /** Prints private keys and shards. */
  readonly secrets?: boolean;
  /** What a signet is validated against. */
  readonly organization?: Signet;
  readonly previous?: Signet;
  /** Primary organizational keys of the management record, 32 octets each. */
  readonly primaryKeys?: readonly Uint8Array[];
  /** Opens a message. */
  readonly reader?: { readonly actor: Actor; readonly keys: PrivateKeys };
  /** Verify a message's signatures. */
  readonly identities?: Identities;
}

/** More rows than a person reads; a signet can have eight million fields. */
export const mostRows = 2000;
/** A thing can be wrong in as many places. */
const mostFindings = 100;

/** Collects rows and findings, and says the same only once. */
export class Sheet {
  readonly #rows: Row[] = [];
  readonly #findings: Finding[] = [];
  #leftOut = 0;
  #wrong = false;

  row(
    name: string,
    value: string,
    place: { offset?: number; octets?: number } = {},
    signature?: Row['signature'],
  ): void {
    if (this.isFull) {
      this.leaveOut();
      return;
    }
    const { offset = null, octets = null } = place;
    this.#rows.push({ offset, octets, name, value, ...(signature === undefined ? {} : { signature }) });
  }

  wrong(text: string, requirement: string | null = null, offset: number | null = null): void {
    this.#wrong = true;
    this.#find({ severity: 'wrong', requirement, offset, text });
  }

  note(text: string, requirement: string | null = null, offset: number | null = null): void {
    this.#find({ severity: 'note', requirement, offset, text });
  }

  /** One of the errors of reference/formats; anything else is thrown again. */
  refused(error: unknown): void {
    if (!isFormatError(error)) throw error;
    this.wrong(withoutOffset(error), error.requirement ?? null, error.offset);
  }

  /** No more rows are taken: making them would be for nothing. */
  get isFull(): boolean {
    return this.#rows.length === mostRows;
  }

  /** Counts a row that was not made. */
  leaveOut(): void {
    this.#leftOut++;
  }

  /** Takes over what was found in a thing inside this one. */
  include(name: string, inner: Explanation): void {
    for (const { name: own, value, signature } of inner.rows) this.row(`${name} ${own}`, value, {}, signature);
    this.#leftOut += inner.rowsLeftOut;
    for (const { severity, requirement, text } of inner.findings) this[severity](`${name}: ${text}`, requirement);
  }

  done(facts: Pick<Explanation, 'kind' | 'title' | 'profile' | 'octets'>): Explanation {
    return {
      ...facts,
      rows: this.#rows,
      rowsLeftOut: this.#leftOut,
      findings: this.#findings,
      valid: !this.#wrong,
    };
  }

  #find(finding: Finding): void {
    const known = this.#findings.some(({ text, offset }) => text === finding.text && offset === finding.offset);
    if (!known && this.#findings.length < mostFindings) this.#findings.push(finding);
  }
}

const formatErrors = ['SignetError', 'ArmorError', 'RecordError', 'MessageError', 'StacieMessageError'];

/** All of them have a row of the digest and a place. */
export interface FormatError extends Error {
  readonly requirement: string | undefined;
  readonly offset: number;
}

export function isFormatError(error: unknown): error is FormatError {
  return error instanceof Error && formatErrors.includes(error.name) && 'offset' in error && 'requirement' in error;
}

/** The offset stands beside the text. */
export function withoutOffset({ message, offset }: FormatError): string {
  return message.replace(`, offset ${offset}`, '');
}
