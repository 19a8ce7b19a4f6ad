/** The test vectors of `fixtures/stacie.json`, typed; binary values stay base64url until a test reads them. */
import { readFileSync } from 'node:fs';

export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'acceptable' | 'invalid';
  readonly flags?: readonly string[];
}

interface Account {
  readonly username: string;
  readonly salt?: string;
  readonly nonce?: string;
}

export interface SplitKeys {
  readonly realm_key: string;
  readonly vector_key?: string;
  readonly realm_vector_key?: string;
  readonly tag_key?: string;
  readonly cipher_key?: string;
  readonly realm_cipher_key?: string;
}

export interface RealmForms {
  readonly draft_00: SplitKeys;
  readonly draft_03: SplitKeys;
  readonly shard_variant: SplitKeys;
}

export interface DerivationVector extends Vector {
  readonly inputs: Account & {
    readonly password: string;
    readonly password_octets: string;
    readonly bonus: number;
    readonly realm: string;
    readonly shard: string;
  };
  readonly outputs: RealmForms & {
    readonly characters: number;
    readonly rounds: number;
    readonly hmac_key: string;
    readonly seed: string;
    readonly master_key: string;
    readonly password_key: string;
    readonly verification_token: string;
    readonly ephemeral_login_token?: string;
  };
}

export interface RoundsVector extends Vector {
  readonly password: string;
  readonly password_octets: string;
  readonly bonus: number;
  readonly characters: number;
  readonly rounds: number;
}

export interface SeedVector extends Vector {
  readonly inputs: Account & { readonly rounds: number; readonly password: string };
  readonly outputs: { readonly hmac_key: string; readonly seed: string };
}

export interface KeyVector extends Vector {
  readonly inputs: Account & { readonly rounds: number; readonly password: string; readonly base: string };
  readonly outputs: { readonly key: string };
}

export interface TokenVector extends Vector {
  readonly inputs: Account & { readonly base: string };
  readonly outputs: { readonly token: string };
}

export interface RealmVector extends Vector {
  readonly inputs: {
    readonly master_key: string;
    readonly label: string;
    readonly shard: string;
    readonly salt?: string;
  };
  readonly outputs: RealmForms & { readonly realm_hash_03: string };
}

export interface RotationVector extends Vector {
  readonly inputs: {
    readonly label: string;
    readonly old_master_key: string;
    readonly old_salt?: string;
    readonly old_realm_shard: string;
    readonly new_master_key: string;
    readonly new_salt?: string;
  };
  readonly outputs: { readonly realm_key: string; readonly realm_shard: string };
}

export interface EncryptionVector extends Vector {
  readonly inputs: {
    readonly serial: number;
    readonly vector_key: string;
    readonly tag_key: string;
    readonly cipher_key: string;
    readonly vector_shard: string;
    readonly buffer: string;
  };
  readonly outputs: {
    readonly pad: number;
    readonly payload_length: number;
    readonly envelope_length: number;
    readonly encrypted_data: string;
  };
}

/** Inputs have the names of the section that `operation` names; numbers and texts, binary ones as base64url. */
export interface InvalidVector extends Vector {
  readonly operation: string;
  readonly requirement: readonly string[];
  readonly interpretation?: readonly string[];
  readonly drafts?: readonly string[];
  readonly inputs: Readonly<Record<string, string | number>>;
}

export interface Vectors {
  readonly derivation: readonly DerivationVector[];
  readonly rounds: readonly RoundsVector[];
  readonly seed_stage: readonly SeedVector[];
  readonly key_stage: readonly KeyVector[];
  readonly token_stage: readonly TokenVector[];
  readonly realm_stage: readonly RealmVector[];
  readonly shard_rotation: readonly RotationVector[];
  readonly encryption: readonly EncryptionVector[];
  readonly invalid: readonly InvalidVector[];
}

const fixtures = new URL('../../../fixtures/', import.meta.url);

export const vectorsDocument: unknown = JSON.parse(readFileSync(new URL('stacie.json', fixtures), 'utf8'));
export const vectorsSchema: object = JSON.parse(readFileSync(new URL('stacie.schema.json', fixtures), 'utf8'));
/** Its shape is what a test checks with the schema. */
export const vectors = vectorsDocument as Vectors;

export const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
export const optional = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : octets(text);
export const text = (value: Uint8Array): string => Buffer.from(value).toString('base64url');

/** The name of a test: its tcId, so that a failure can be looked up, and what it is about. */
export const named = <V extends Vector>(list: readonly V[]): [string, V][] =>
  list.map((vector) => [`${vector.tcId}: ${vector.comment}`, vector]);
