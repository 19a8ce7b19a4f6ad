/** Trust anchors as text: DS or DNSKEY records as zone files have them. (RFC 4034 sections 2.2, 5.3) */
import { createHash } from 'node:crypto';
import { type DelegationSigner, zoneKey } from './data.js';
import { types } from './message.js';
import { nameFromText, nameOctets } from './name.js';

/** What is trusted of a zone from the start, by the zone's name. */
export type TrustAnchors = ReadonlyMap<string, readonly DelegationSigner[]>;

/** A text that is no trust anchor. */
export class AnchorError extends Error {
  override readonly name = 'AnchorError';
}

/**
 * Reads anchors: `. IN DS 20326 8 2 E06D...` or `. 3600 IN DNSKEY 257 3 8 AwEA...`, one a text; TTL and class may be left
 * out, digest and key may have blanks.
 *
 * @throws AnchorError naming the text
 */
export function parseAnchors(texts: readonly string[]): TrustAnchors {
  const anchors = new Map<string, DelegationSigner[]>();
  for (const [index, text] of texts.entries()) {
    const wrong = (what: string): AnchorError =>
      new AnchorError(
        `trust anchor ${index + 1}: ${what}; right is "<zone> IN DS <tag> <algorithm> <digest type> <hex>"`,
      );
    const [owner = '', ...parts] = text.trim().split(/\s+/);
    if (/^\d+$/.test(parts[0] ?? '')) parts.shift();
    if (parts[0]?.toUpperCase() === 'IN') parts.shift();
    const [type = '', first = '', second = '', third = '', ...rest] = parts;
    const numbers = [first, second, third].map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : -1));
    if (!/^(DS|DNSKEY)$/i.test(type) || rest.length === 0 || numbers.includes(-1))
      throw wrong('no DS or DNSKEY record');
    const name = nameFromText(owner.endsWith('.') ? owner : `${owner}.`);
    if (name === null) throw wrong('the zone is no domain name');
    const data = rest.join('');
    const signer = type.toUpperCase() === 'DS' ? fromDigest(numbers, data) : fromKey(name, numbers, data);
    if (signer === null) throw wrong(`the ${type.toUpperCase()} record has a wrong number, or data of a wrong length`);
    anchors.set(name, [...(anchors.get(name) ?? []), signer]);
  }
  return anchors;
}

const digestOctets: Readonly<Record<number, number>> = { 1: 20, 2: 32, 4: 48 };

function fromDigest([tag = 0, algorithm = 0, digestType = 0]: readonly number[], hex: string) {
  const digest = Buffer.from(hex, 'hex');
  if (tag > 0xffff || algorithm > 0xff || digest.length * 2 !== hex.length) return null;
  return digest.length === digestOctets[digestType] ? { tag, algorithm, digestType, digest } : null;
}

/** A key is trusted by its digest, as a DS record would have it. */
function fromKey(name: string, [flags = 0, protocol = 0, algorithm = 0]: readonly number[], base64: string) {
  if (flags > 0xffff || protocol > 0xff || algorithm > 0xff || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return null;
  const data = Buffer.concat([Buffer.of(flags >> 8, flags & 0xff, protocol, algorithm), Buffer.from(base64, 'base64')]);
  const key = zoneKey({ name, type: types.DNSKEY, ttl: 0, data });
  if (key === null) return null;
  const digest = createHash('sha256').update(nameOctets(name)).update(data).digest();
  return { tag: key.tag, algorithm, digestType: 2, digest };
}
