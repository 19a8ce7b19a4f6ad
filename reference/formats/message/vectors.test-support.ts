/** The messages that libdime and magma were seen to read, and their keys. */
import { readFileSync } from 'node:fs';
import { parseSignet } from '../signet/index.js';
import { type Actor, actors, type Identities, type Identity, identityOf } from './index.js';

/** All values in hexadecimal. */
export interface VectorKeys {
  readonly signingPrivate: string;
  readonly signingPublic: string;
  readonly encryptionPrivate: string;
  readonly encryptionPublic: string;
}

export interface ActorResult {
  readonly result: 'ok' | 'error' | 'crash' | 'memory-error';
  readonly kek?: string;
  readonly envelope?: Readonly<Record<string, string>>;
  readonly commonHeaders?: Readonly<Record<string, string>>;
  readonly otherHeaders?: string;
  readonly display?: readonly { readonly flags: number; readonly data: string }[];
  readonly attach?: readonly { readonly flags: number; readonly data: string }[];
  readonly decryptedPayloads?: readonly { readonly type: number; readonly payload: string }[];
}

export interface LibdimeVector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly context?: {
    readonly keys?: { readonly [actor in Actor]?: string };
    readonly signets?: { readonly [actor in Actor]?: string };
  };
  readonly input: { readonly data: string };
  readonly expected: {
    readonly deserialize: {
      readonly result: 'ok' | 'error' | 'crash';
      readonly state?: 'complete' | 'incomplete';
      readonly tracing?: string | null;
      readonly chunks?: readonly { readonly type: number; readonly payloadSize: number; readonly size: number }[];
    };
    readonly actors: Readonly<Record<Actor, ActorResult>>;
  };
  readonly content?: { readonly display: readonly string[] };
}

export interface LibdimeFile {
  readonly identities: Readonly<Record<Actor, string>>;
  readonly keys: Readonly<Record<string, VectorKeys>>;
  readonly signets: Readonly<Record<string, string>>;
  readonly fingerprints: Readonly<Record<Actor, string>>;
  readonly cases: readonly LibdimeVector[];
}

export interface PrimeVector {
  readonly tcId: number;
  readonly comment: string;
  readonly context: { readonly organisation: string; readonly userKey: string };
  readonly input: { readonly data: string };
  readonly expected: {
    readonly decrypt: 'ok' | 'error';
    readonly chunks: readonly { readonly type: number; readonly payloadSize: number; readonly size: number }[];
    readonly plaintext?: string;
  };
}

export interface PrimeFile {
  readonly keys: Readonly<Record<string, VectorKeys>>;
  readonly signets: Readonly<Record<string, string>>;
  readonly cases: readonly PrimeVector[];
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8'));
}

export const libdime = fixture('messages-libdime.json') as LibdimeFile;
export const prime = fixture('messages-prime.json') as PrimeFile;

export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
export const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** @throws RangeError for a name that the file does not have */
function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const value = table[name];
  if (value === undefined) throw new RangeError(`the fixture has no ${name}`);
  return value;
}

export const libdimeKeys = (name: string): VectorKeys => named(libdime.keys, name);
export const primeKeys = (name: string): VectorKeys => named(prime.keys, name);

export function libdimeIdentity(actor: Actor, signet: string = actor): Identity {
  return identityOf(actor, parseSignet('dime-2015', fromBase64(named(libdime.signets, signet))));
}

/** All four, with the signets that a vector puts in the place of some. */
export function libdimeIdentities(others: { readonly [actor in Actor]?: string } = {}): Required<Identities> {
  const entries = actors.map((actor) => [actor, libdimeIdentity(actor, others[actor] ?? actor)]);
  return Object.fromEntries(entries) as Required<Identities>;
}

export function primeIdentity(actor: Actor, signet: string): Identity {
  return identityOf(actor, parseSignet('prime', fromBase64(named(prime.signets, signet))));
}

export function libdimeCase(tcId: number): Uint8Array {
  const vector = libdime.cases.find((each) => each.tcId === tcId);
  if (vector === undefined) throw new RangeError(`no tcId ${tcId}`);
  return fromBase64(vector.input.data);
}

export function primeCase(tcId: number): Uint8Array {
  const vector = prime.cases.find((each) => each.tcId === tcId);
  if (vector === undefined) throw new RangeError(`no tcId ${tcId}`);
  return fromBase64(vector.input.data);
}
