/** Resource records as a zone gives them. */

/** Types that can be served. */
export type ZoneRecordType = ZoneRecord['type'];

/** One resource record of class IN. Names are absolute, with or without trailing dot; `ttl` in seconds. */
export type ZoneRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  /** One character an octet; a string of more than 255 octets is served as several. */
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'MX'; readonly preference: number; readonly exchange: string }
  | { readonly type: 'CNAME'; readonly target: string }
  | { readonly type: 'NS'; readonly host: string }
  | {
      readonly type: 'SOA';
      readonly primary: string;
      /** The mailbox with a dot for the at sign. */
      readonly mailbox: string;
      readonly serial: number;
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      /** TTL of negative answers (RFC 2308). */
      readonly minimum: number;
    }
  | DelegationSigner
  | PublicKey
  | Signature
  | NextSecure
);

/** RFC 4034 section 5. */
export interface DelegationSigner {
  readonly type: 'DS';
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

/** RFC 4034 section 2; the protocol is always 3. */
export interface PublicKey {
  readonly type: 'DNSKEY';
  readonly flags: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

/** RFC 4034 section 3; times in seconds since 1970, of 32 bits. */
export interface Signature {
  readonly type: 'RRSIG';
  /** Number of the type that is signed. */
  readonly covered: number;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signer: string;
  readonly signature: Uint8Array;
}

/** RFC 4034 section 4. */
export interface NextSecure {
  readonly type: 'NSEC';
  readonly next: string;
  /** Numbers of the types of the name, in any order. */
  readonly types: readonly number[];
}
