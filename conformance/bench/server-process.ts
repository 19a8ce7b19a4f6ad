/** A server in a process of its own, so that client and server do not share an event loop. Started by servers.ts. */
import { fileURLToPath } from 'node:url';
import { startReference } from '../../reference/server.js';
import { startEcho, startEmptyDns, startNod, startSmtp } from './other-servers.js';
import { domain, type ServerAnswer, type ServerOrder, type ServerQuestion } from './server-messages.js';

/** Milliseconds between two looks at the resident memory; peaks between them are seen by the kernel's own count. */
const lookEveryMs = 10;

const tell = (answer: ServerAnswer): void => {
  process.send?.(answer);
};

async function start(order: ServerOrder): Promise<{ port: number; dnsPort: number }> {
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
  }
}

async function startOurs({
  folder,
  messageOctets,
  keepMessages,
}: ServerOrder): Promise<{ port: number; dnsPort: number }> {
  const reference = await startReference({
    domain,
    dir: folder,
    // Silent connections have to stand until the last of them is open, on a slow machine too.
    limits: { handshakeMs: 60_000 },
    ...(messageOctets === undefined ? {} : { messageOctets }),
    hooks: {
      // The figures are those of the protocol: what is sent has a right outer layout and nothing in it.
      judge: () => async () => ({ accepted: true, recipient: null }),
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
  return { port: reference.dmtp.port, dnsPort: reference.dns.port };
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
