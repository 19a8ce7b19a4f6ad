/** One message in, one message out: the DNS server without sockets. */
import { answer, failure, rcodes } from './answer.js';
import type { Conduct, Conducts, ConductTable } from './conduct.js';
import { headerOctets, type Query, readQuery } from './query.js';
import { treatedAnswer } from './treat.js';
import { bareHeader, type ReadableQuery, type WrongWriting, writeMessage } from './write-message.js';
import type { ZoneIndex } from './zone.js';

export type Transport = 'udp' | 'tcp';

export interface Response {
  /** Null for an answer that is lost. */
  readonly octets: Buffer | null;
  /** After how many milliseconds it is to be sent. */
  readonly delayMs: number;
  /** With the bits that only EDNS carries. */
  readonly rcode: number;
  /** The query that was answered. */
  readonly query: Exclude<Query, { kind: 'ignored' }>;
  /** The conducts that made it otherwise than right. */
  readonly served: readonly Conduct['kind'][];
}

/** Octets that a UDP answer has at most without EDNS. (RFC 1035 section 2.3.4) */
const plainPayload = 512;
const longestTcp = 65_535;
const right = { delayMs: 0, served: [] } as const;

/**
 * Answers one message; null when it deserves no answer. An answer that is too long for UDP comes empty, with the TC bit,
 * so that the client asks again over TCP.
 *
 * @param udpPayload octets that this server sends at most over UDP, and takes
 * @param table what is to be answered otherwise; right answers only without
 */
export function respond(
  zones: ZoneIndex,
  message: Buffer,
  transport: Transport,
  udpPayload: number,
  table?: ConductTable,
): Response | null {
  const query = readQuery(message);
  if (query.kind === 'ignored') return null;
  if (query.kind !== 'query') {
    const rcode = query.kind === 'malformed' ? rcodes.formErr : rcodes.notImp;
    return { octets: bareHeader(query, rcode), rcode, query, ...right };
  }
  const { edns, question } = query;
  if (edns !== null && edns.version !== 0) {
    const writing = { limit: longestTcp, udpPayload, wrong: {} };
    const octets = writeMessage(message, query, failure(rcodes.badVers), writing);
    return { octets, rcode: rcodes.badVers, query, ...right };
  }
  const limit = transport === 'tcp' ? longestTcp : Math.min(edns?.payload ?? plainPayload, udpPayload);
  const proofs = edns?.dnssecOk ?? false;
  if (table === undefined || table.isEmpty) {
    const found = answer(zones, question, proofs);
    const octets = writeMessage(message, query, found, { limit, udpPayload, wrong: {} });
    return { octets, rcode: found.rcode, query, ...right };
  }
  const { found, served } = treatedAnswer(zones, question, proofs, table);
  const conducts = table.find(question.key, question.type);
  if (conducts === null) {
    const octets = writeMessage(message, query, found, { limit, udpPayload, wrong: {} });
    return { octets, rcode: found.rcode, query, delayMs: 0, served };
  }
  const wrong = wrongWriting(conducts, transport);
  const whole = conducts.has('oversized') ? longestTcp : limit;
  const lost = conducts.loses(transport);
  const octets = writeMessage(message, query, found, { limit: whole, udpPayload, wrong });
  return {
    octets: lost ? null : spoil(octets, query, conducts),
    delayMs: conducts.find('slow')?.ms ?? 0,
    rcode: found.rcode,
    query,
    served: [...served, ...wireKinds(conducts, transport, lost)],
  };
}

function wrongWriting(conducts: Conducts, transport: Transport): WrongWriting {
  const oversized = transport === 'udp' ? conducts.find('oversized') : undefined;
  return {
    truncated: transport === 'udp' && conducts.has('truncated'),
    upperCase: conducts.has('upper-case'),
    // They would point to the wrong name.
    wholeOwners: conducts.has('wrong-question'),
    wrongOwner: conducts.has('wrong-owner'),
    noAdditional: conducts.has('no-additional'),
    claimsAuthentic: conducts.has('claims-authentic'),
    ...(oversized === undefined ? {} : { filledTo: oversized.octets }),
  };
}

/** What is done to a message that is written. */
function spoil(octets: Buffer, query: ReadableQuery, conducts: Conducts): Buffer {
  if (conducts.has('wrong-id')) octets.writeUInt16BE(query.id ^ 1, 0);
  if (conducts.has('wrong-question')) changeQuestion(octets, query);
  if (conducts.has('garbage')) return Buffer.concat([octets.subarray(0, 2), Buffer.of(0x80), noise]);
  return conducts.has('cut') ? octets.subarray(0, headerOctets + ((octets.length - headerOctets) >> 1)) : octets;
}

/** Octets that are no message: a pointer that leads nowhere at every place. */
const noise = Buffer.alloc(61, 0xc7);

/** Another letter in front of the name; at the root, another type. */
function changeQuestion(octets: Buffer, { nameEnd }: ReadableQuery): void {
  const isRoot = nameEnd === headerOctets + 1;
  const at = isRoot ? nameEnd + 1 : headerOctets + 1;
  octets[at] = octets[at] === 0x78 ? 0x79 : 0x78;
}

const wireKindsOfBoth: ReadonlySet<Conduct['kind']> = new Set<Conduct['kind']>([
  'slow',
  'upper-case',
  'wrong-id',
  'wrong-question',
  'wrong-owner',
  'no-additional',
  'claims-authentic',
  'cut',
  'garbage',
]);

function wireKinds({ list }: Conducts, transport: Transport, lost: boolean): Conduct['kind'][] {
  const overUdp = (kind: Conduct['kind']) => transport === 'udp' && (kind === 'truncated' || kind === 'oversized');
  return list
    .map(({ kind }) => kind)
    .filter((kind) => wireKindsOfBoth.has(kind) || overUdp(kind) || (kind === 'lost' && lost));
}
