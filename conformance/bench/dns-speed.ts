/** The DNS server: answers a second over UDP, against dns2 that has no records to give. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encode, RECURSION_DESIRED } from 'dns-packet';
import type { Figure } from './figures.js';
import { compare, type Effort, type Measure } from './rounds.js';
import { domain } from './server-messages.js';
import { withServers } from './servers.js';

/** Queries without an answer yet. Few enough that no buffer of the kernel overflows. */
const outstanding = 32;
/** A datagram may be lost even on loopback; after so many milliseconds of silence the window is filled again. */
const silenceMs = 250;
/** In the header of a DNS message. */
const additionalCountAt = 10;

/** The question that DIME asks: the management record of a domain. */
export async function dnsQueries({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  return await withServers([{ kind: 'reference' }, { kind: 'dns2' }], async (ours, other) => {
    const sockets = [await connect(ours?.dnsPort ?? 0), await connect(other?.dnsPort ?? 0)] as const;
    try {
      return await compare(
        [
          {
            name: 'DNS queries over UDP : dns2, empty',
            unit: '/s',
            goal: { of: 'ratio', bound: 'at least', value: 0.8 },
            ours: windowed(sockets[0], 1),
            other: windowed(sockets[1], 0),
            remark: 'ours looks the record up and sends it; dns2 sends no records',
          },
        ],
        rounds,
        sliceMs,
      );
    } finally {
      for (const socket of sockets) socket.close();
    }
  });
}

export async function connect(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** @returns a measure that fails when an answer has another number of records than `records` */
export function windowed(socket: Socket, records: number, dnssec = false): Measure {
  const question = encode({
    type: 'query',
    id: 0,
    flags: RECURSION_DESIRED,
    questions: [{ name: `_dx.${domain}`, type: 'TXT' }],
  });
  const query = dnssec ? askingForSignatures(question) : question;
  let id = 0;
  const send = (): void => {
    const octets = Buffer.from(query);
    id = (id + 1) & 0xffff;
    octets.writeUInt16BE(id, 0);
    socket.send(octets);
  };
  return async (forMs) =>
    await new Promise((resolve, reject) => {
      const began = performance.now();
      let answers = 0;
      const fill = (): void => {
        for (let count = 0; count < outstanding; count++) send();
      };
      const silence = setInterval(fill, silenceMs);
      const receive = (message: Buffer): void => {
        answers++;
        silence.refresh();
        const passed = performance.now() - began;
        const wrong = message.readUInt16BE(6) !== records;
        if (passed < forMs && !wrong) {
          send();
          return;
        }
        clearInterval(silence);
        socket.off('message', receive);
        if (wrong) reject(new Error(`a DNS answer with ${message.readUInt16BE(6)} records, not ${records}`));
        else resolve((answers / passed) * 1000);
      };
      socket.on('message', receive);
      fill();
    });
}

/** With an OPT record behind it, which is of type 41, for 1232 octets, with the bit DO (RFC 6891, RFC 3225). */
function askingForSignatures(question: Buffer): Buffer {
  const query = Buffer.concat([question, Buffer.from([0, 0, 41, 1232 >> 8, 1232 & 0xff, 0, 0, 0x80, 0, 0, 0])]);
  query.writeUInt16BE(1, additionalCountAt);
  return query;
}
