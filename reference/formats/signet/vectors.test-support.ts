/** The vectors of other implementations, as the tests read them. */
import { readFileSync } from 'node:fs';
import { decodeArmor } from '../armor.js';

export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly input: { readonly encoding: 'base64' | 'armored'; readonly data: string };
}

export interface LibdimeVector extends Vector {
  readonly context: {
    readonly organisation?: string;
    readonly previous?: string;
    readonly recordKeys?: readonly string[];
  };
  readonly expected:
    | { readonly parse: 'error' }
    | {
        readonly parse: 'ok';
        readonly type: string;
        readonly fields: readonly { readonly id: number; readonly data: string; readonly name?: string }[];
        readonly signetId: string | null;
        readonly fingerprints: Readonly<Record<'ssr' | 'crypto' | 'full' | 'id', string | null>>;
        readonly signingKey: string | null;
        readonly encryptionKeyUsable: boolean;
        readonly signingKeysByPurpose?: Readonly<Record<string, readonly string[] | null>>;
        readonly structure: string;
        readonly state: string;
        readonly binary?: string;
      };
}

export interface KeyVector {
  readonly type: string;
  readonly signingPrivate: string;
  readonly signingPublic: string;
  readonly encryptionPrivate: string;
  readonly encryptionPublic: string;
  readonly armoredKey: string;
}

export interface PrimeVector extends Vector {
  readonly operation: 'key' | 'encrypted-key' | 'signet';
  readonly context?: { readonly validator?: string; readonly realmKey?: string };
  readonly expected: {
    readonly parse?: 'ok' | 'error';
    readonly decrypt?: 'ok' | 'error';
    readonly type?: string;
    readonly fields?: readonly { readonly id: number; readonly data: string }[] | null;
    readonly signingPrivate?: string;
    readonly signingPublic?: string;
    readonly encryptionPrivate?: string;
    readonly encryptionPublic?: string;
    readonly signingKey?: string;
    readonly encryptionKey?: string;
    readonly validValidator?: boolean;
    readonly fingerprint?: string;
    readonly serialized?: string | null;
    readonly armored?: string;
  };
}

interface VectorFile<Case> {
  readonly keys: Readonly<Record<string, KeyVector>>;
  readonly signets: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

function read<File>(name: string): File {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8')) as File;
}

export const libdimeVectors = read<VectorFile<LibdimeVector>>('signets-libdime.json');
export const primeVectors = read<VectorFile<PrimeVector>>('signets-prime.json');

/** Objects of magma's self-tests, in the dialect of its copy of libdime and in PRIME. */
export const magmaSamples = read<{
  readonly objects: readonly {
    readonly name: string;
    readonly profile: 'dime-2015-magma' | 'prime';
    readonly data: string;
    readonly checksum: string;
    readonly fields: readonly (readonly [id: number, offset: number, size: number])[];
    readonly fingerprints: Readonly<Record<string, string>>;
  }[];
  readonly keys: Readonly<
    Record<
      string,
      {
        readonly data?: string;
        readonly checksum: string;
        readonly seed: string;
        readonly scalar: string;
        readonly public: string;
      }
    >
  >;
}>('signets-magma.json');

export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** The octets of a vector's object. @throws ArmorError */
export function inputOctets({ input }: Vector): Uint8Array {
  return input.encoding === 'armored' ? decodeArmor(input.data).data : fromBase64(input.data);
}

/** What is given by name, of the file's signets. */
export function named<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`no entry ${name}`);
  return value;
}
