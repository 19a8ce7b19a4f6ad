/** A server in a process of its own, so that client and server do not share an event loop. Started by servers.ts. */
import { fileURLToPath } from 'node:url';
import { fingerprintOf, fingerprintText, parseSignet, type Signet } from '../../reference/formats/signet/index.js';
import { letter } from '../../reference/letter.test-support.js';
import { type Reference, startReference } from '../../reference/server.js';
import { startDmapBench } from './dmap-server.js';
import { startEcho, startEmptyDns, startNod, startOctets, startSmtp } from './other-servers.js';
import {
  type BenchLetter,
  domain,
  type ServerAnswer,
  type ServerOrder,
  type ServerQuestion,
} from './server-messages.js';

/** Milliseconds between two looks at the resident memory; peaks between them are seen by the kernel's own count. */
const lookEveryMs = 10;

const tell = (answer: ServerAnswer): void => {
  process.send?.(answer);
};

type Started = Omit<Extract<ServerAnswer, { kind: 'ready' }>, 'kind'>;

async function start(order: ServerOrder): Promise<Started> {
  switch (order.kind) {
    case 'reference':
      return await startOurs(order);
    case 'echo':
      return { port: await startEcho(order.folder), dnsPort: 0 };
    case 'nod':
      return { port: await startNod(order.folder), dnsPort: 0 };
    case 'smtp':
      return { port: await startSmtp(order.folder), dnsPort: 0 };
    case 'dns2':
      return { port: 0, dnsPort: await startEmptyDns() };
    case 'dmap':
      return { port: await startDmapBench(order.folder, order.mail ?? 'memory'), dnsPort: 0 };
    case 'octets':
      return { port: await startOctets(order.folder), dnsPort: 0 };
  }
}

async function startOurs({ folder, messageOctets, keepMessages, judges }: ServerOrder): Promise<Started> {
  const reference = await startReference({
    domain,
    dir: folder,
    // Silent connections have to stand until the last of them is open, on a slow machine too.
    limits: { handshakeMs: 60_000 },
    ...(messageOctets === undefined ? {} : { messageOctets }),
    hooks: {
      // Most figures are those of the protocol: what is sent has a right outer layout and nothing in it.
      ...(judges === true ? {} : { judge: () => async () => ({ accepted: true, recipient: null }) }),
      ...(keepMessages === true
        ? {}
        : {
            // A benchmark sends more than a store can hold; every message is taken in whole and then forgotten.
            store: (store) => ({
              ...store,
              receive: (envelope) => {
                const sink = store.receive(envelope);
                return { ...sink, commit: () => sink.abort() };
              },
            }),
          }),
    },
  });
  return {
    port: reference.dmtp.port,
    dnsPort: reference.dns.port,
    trustAnchor: reference.trustAnchor,
    ...(judges === true ? { letter: letterTo(reference) } : {}),
  };
}

/** About 4 KiB, as the other messages of the benchmarks. */
function letterTo(reference: Reference): BenchLetter {
  const { origin, store } = reference;
  const fullFingerprint = (signet: Signet): string => fingerprintText(fingerprintOf(signet, 'full'));
  const mine = parseSignet('dime-2015', store.signets(domain)?.at(-1)?.octets ?? new Uint8Array());
  const theirs = parseSignet('dime-2015', origin.published.get(origin.domain)?.octets ?? new Uint8Array());
  const text = 'x'.repeat(78).concat('\r\n').repeat(32);
  return {
    message: Buffer.from(letter(reference, { text }), 'latin1').toString('base64'),
    origin: origin.domain,
    fingerprints: { origin: fullFingerprint(theirs), destination: fullFingerprint(mine) },
  };
}

function watchMemory(): () => { before: number; peak: number } {
  const before = process.memoryUsage.rss();
  const highest = process.resourceUsage().maxRSS;
  let seen = before;
  const look = (): void => {
    seen = Math.max(seen, process.memoryUsage.rss());
  };
  const timer = setInterval(look, lookEveryMs);
  return () => {
    clearInterval(timer);
    look();
    // The kernel keeps the peak of the whole life (in KiB); it says something new only when it rose since.
    const { maxRSS } = process.resourceUsage();
    return { before, peak: maxRSS > highest ? Math.max(seen, maxRSS * 1024) : seen };
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let memory: (() => { before: number; peak: number }) | null = null;
  process.on('disconnect', () => process.exit());
  process.on('message', (question: ServerQuestion) => {
    if (question === 'watch memory') {
      memory = watchMemory();
      tell({ kind: 'watching' });
    } else {
      const { before, peak } = memory?.() ?? { before: 0, peak: 0 };
      tell({ kind: 'memory', before, peak });
    }
  });
  start(JSON.parse(process.argv[2] ?? '{}') as ServerOrder).then(
    (ports) => tell({ kind: 'ready', ...ports }),
    (error: unknown) => tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
}
