/** What the options of `dime-conformance stacie` give. Binary values are base64url as typed. */

export interface OutputFlags {
  readonly json?: true;
}

export interface DeriveFlags extends OutputFlags {
  readonly username: string;
  readonly salt?: string;
  readonly nonce?: string;
  readonly bonus: number;
  readonly ceiling?: number;
  readonly wholeInput?: true;
  readonly revision: '00' | '03' | 'shard';
  readonly realm?: string;
  readonly shard?: string;
}

export interface RealmFlags extends OutputFlags {
  readonly masterKey: string;
  readonly realm: string;
  readonly shard: string;
  readonly salt?: string;
  readonly revision: '00' | '03' | 'shard';
}

export interface DecryptFlags extends OutputFlags {
  readonly realmKey?: string;
  readonly vectorKey?: string;
  readonly tagKey?: string;
  readonly cipherKey?: string;
  readonly envelope?: string;
  readonly file?: string;
}
