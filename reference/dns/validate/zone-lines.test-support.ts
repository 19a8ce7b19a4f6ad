/** Records from lines of zone files, through another codec than the one that is tested. */
import { type Answer, encode, type Packet } from 'dns-packet';
import { type Reply, readReply, type WireRecord } from './message.js';
import { nameFromText } from './name.js';

/** A record as dns-packet writes it. Escapes and parentheses are not known. */
export function answerOf(line: string): Answer {
  const [name = '', ttl = '', type = '', ...data] = line.split(' ');
  // The codec wants names without their last dot.
  return { name: plain(name), ttl: Number(ttl), type, class: 'IN', data: dataOf(type, data) } as Answer;
}

function dataOf(type: string, [first = '', second = '', third = '', ...rest]: readonly string[]): unknown {
  switch (type) {
    case 'A':
    case 'AAAA':
      return first;
    case 'NS':
    case 'CNAME':
      return plain(first);
    case 'TXT':
      return [first, second, third, ...rest].filter((text) => text !== '');
    case 'MX':
      return { preference: Number(first), exchange: plain(second) };
    case 'SOA': {
      const [serial, refresh, retry, expire, minimum] = [third, ...rest].map(Number);
      return { mname: plain(first), rname: plain(second), serial, refresh, retry, expire, minimum };
    }
    case 'DNSKEY':
      return { flags: Number(first), algorithm: Number(third), key: Buffer.from(rest.join(''), 'base64') };
    case 'DS': {
      const digest = Buffer.from(rest.join(''), 'hex');
      return { keyTag: Number(first), algorithm: Number(second), digestType: Number(third), digest };
    }
    case 'RRSIG': {
      const [originalTTL = '', expiration = '', inception = '', tag = '', signer = '', ...signature] = rest;
      return {
        typeCovered: first,
        algorithm: Number(second),
        labels: Number(third),
        originalTTL: Number(originalTTL),
        expiration: secondsOf(expiration),
        inception: secondsOf(inception),
        keyTag: Number(tag),
        signersName: plain(signer),
        signature: Buffer.from(signature.join(''), 'base64'),
      };
    }
    case 'NSEC':
      return { nextDomain: plain(first), rrtypes: [second, third, ...rest].filter((text) => text !== '') };
    case 'NSEC3': {
      const [salt = '', next = '', ...rrtypes] = rest;
      return {
        algorithm: Number(first),
        flags: Number(second),
        iterations: Number(third),
        salt: Buffer.from(salt, 'hex'),
        nextDomain: fromBase32Hex(next),
        rrtypes,
      };
    }
    default:
      throw new Error(`no data of type ${type}`);
  }
}

const plain = (name: string): string => (name === '.' ? '.' : name.replace(/\.$/, ''));

/** YYYYMMDDHHmmSS or seconds since 1970, as RFC 4034 section 3.2 has them. */
export function secondsOf(time: string): number {
  if (time.length !== 14) return Number(time);
  const iso = time.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso) / 1000;
}

function fromBase32Hex(text: string): Buffer {
  const bits = [...text].map((digit) => Number.parseInt(digit, 32).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

export interface Lines {
  readonly answers?: readonly string[];
  readonly authority?: readonly string[];
  readonly rcode?: number;
  /** False: no OPT record. */
  readonly edns?: boolean;
}

const opt = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0x8000,
  flag_do: true,
  options: [],
} as const;

/** The octets of a reply with these records. */
export function replyOctets(id: number, name: string, type: string, lines: Lines): Buffer {
  const packet: Packet = {
    type: 'response',
    id,
    flags: lines.rcode ?? 0,
    questions: [{ name: plain(name), type: type as 'A', class: 'IN' }],
    answers: (lines.answers ?? []).map(answerOf),
    authorities: (lines.authority ?? []).map(answerOf),
    additionals: lines.edns === false ? [] : [{ ...opt, options: [] }],
  };
  return encode(packet);
}

/** A reply with these records, read from its octets. */
export function replyOf(name: string, type: string, number: number, lines: Lines): Reply {
  const question = { name: nameFromText(name) ?? '', type: number };
  const reply = readReply(replyOctets(7, name, type, lines), 7, question);
  if (typeof reply === 'string') throw new Error(`the reply to ${type} ${name} cannot be read: ${reply}`);
  return reply;
}

/** Records, read from the octets of a message. */
export function recordsOf(lines: readonly string[]): readonly WireRecord[] {
  return replyOf('example.', 'A', 1, { answers: lines }).answers;
}
