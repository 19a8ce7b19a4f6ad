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
);
