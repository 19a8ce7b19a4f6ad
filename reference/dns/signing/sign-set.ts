/** Signs one set of records in its canonical form. (RFC 4034 sections 3.1.8.1 and 6) */
import { keyName, labels, nameKey } from '../name.js';
import { encodeName, encodeRecordTail, recordTypes } from '../record-codec.js';
import type { Signature, ZoneRecord } from '../zone-record.js';
import { signOctets } from './algorithms.js';
import type { ZoneKey } from './keys.js';

/** Seconds since 1970 between which a signature holds, both included. */
export interface Validity {
  readonly inception: number;
  readonly expiration: number;
}

export type SignatureRecord = Extract<ZoneRecord, { readonly type: 'RRSIG' }>;

/** What a signature says besides the records; `keyTag` only where it is not the key's own. */
export interface SignatureTerms extends Validity {
  /** Key of the name that is said to sign: see nameKey. */
  readonly signer: string;
  readonly keyTag?: number;
}

/**
 * Signs records of one name, type and TTL.
 *
 * @param owner key of their name: see nameKey
 * @param records at least one, each once
 */
export function signSet(
  owner: string,
  records: readonly ZoneRecord[],
  key: ZoneKey,
  { signer, inception, expiration, keyTag = key.tag }: SignatureTerms,
): SignatureRecord {
  const [first] = records;
  if (first === undefined) throw new TypeError(`no records to sign at ${keyName(owner)}`);
  const unsigned: Signature = {
    type: 'RRSIG',
    covered: recordTypes[first.type],
    algorithm: key.algorithm,
    labels: labels(owner).filter((label) => label !== '*').length,
    originalTtl: first.ttl,
    expiration,
    inception,
    keyTag,
    signer: keyName(signer),
    signature: new Uint8Array(0),
  };
  const record = { name: first.name, ttl: first.ttl, ...unsigned };
  return { ...record, signature: signOctets(key.algorithm, key.privateKey, signedOctets(owner, records, record)) };
}

/** The octets that a signature is made over: its own data up to the signature, then the records in canonical order. */
export function signedOctets(owner: string, records: readonly ZoneRecord[], terms: SignatureRecord): Uint8Array {
  const unsigned = encodeRecordTail({ ...terms, signature: new Uint8Array(0) }).subarray(rdataStart);
  const name = encodeName(owner);
  const tails = records.map((record) => encodeRecordTail({ ...lowerNames(record), ttl: terms.originalTtl }));
  // Sorted by RDATA: what stands before it is the same but for the length, which does not count.
  tails.sort((left, right) => Buffer.compare(left.subarray(rdataStart), right.subarray(rdataStart)));
  return Buffer.concat([unsigned, ...tails.flatMap((tail) => [name, tail])]);
}

const rdataStart = 10;

/** Names in the data of these types count in lower case (RFC 4034 section 6.2; not NSEC, RFC 6840 section 5.1). */
function lowerNames(record: ZoneRecord): ZoneRecord {
  switch (record.type) {
    case 'NS':
      return { ...record, host: lower(record.host) };
    case 'CNAME':
      return { ...record, target: lower(record.target) };
    case 'MX':
      return { ...record, exchange: lower(record.exchange) };
    case 'SOA':
      return { ...record, primary: lower(record.primary), mailbox: lower(record.mailbox) };
    case 'RRSIG':
      return { ...record, signer: lower(record.signer) };
    default:
      return record;
  }
}

function lower(name: string): string {
  return keyName(nameKey(name) ?? name);
}
