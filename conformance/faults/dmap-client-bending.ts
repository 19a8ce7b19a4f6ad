/** How the faults of the DMAP client bend dmap.run: the reference client behind a relay that makes it wrong. */
import type { Operations } from '../target/adapter/serve.js';
import type { Link, Wrong } from './dmap-client-conversation.js';
import { startRelay } from './dmap-client-relay.js';
import type { Fault } from './fault.js';

type Input = Readonly<Record<string, unknown>>;

/** What is wrong; `steps` changes what the client is asked to do. */
export interface WrongClient extends Wrong {
  readonly steps?: (step: Input) => Input;
}

/** The operation of a client that is wrong in this way; `make` is called once for each connection. */
function wrongClient(make: () => WrongClient): Pick<Fault, 'operations'> {
  return {
    operations: (inner: Operations): Operations => {
      const run = inner['dmap.run'];
      if (run === undefined) throw new Error('the adapter has no dmap.run');
      return {
        ...inner,
        'dmap.run': async (input, ...more) => {
          const { endpoint, trust, steps } = input as {
            readonly endpoint: { readonly host: string; readonly port: number };
            readonly trust?: string;
            readonly steps: readonly Input[];
          };
          const given = trust === undefined ? {} : { trust };
          const relay = await startRelay({ server: endpoint, ...given, wrong: make });
          const { steps: change = (step: Input) => step } = make();
          try {
            const bent = { endpoint: relay.endpoint, trust: relay.trust, steps: steps.map(change) };
            return await run(bent, ...more);
          } finally {
            relay.close();
          }
        },
      };
    },
  };
}

/** One fault in a line of a table. */
export type Row = readonly [name: string, breaks: string, title: string, make: () => WrongClient];

export const faultsOf = (rows: readonly Row[]): Fault[] =>
  rows.map(([name, breaks, title, make]) => ({ id: `dmap-client/${name}`, breaks, title, ...wrongClient(make) }));

/** The first word of server data: `FETCH` of `* 2 FETCH (...)`; empty for other responses. */
export const wordOf = (response: string): string => (/^\* (?:\d+ )?([^\s\]]+)/.exec(response)?.[1] ?? '').toUpperCase();

/** A client that is not told the responses that fulfil this. */
export const deafTo = (ignores: (word: string, response: string, link: Link) => boolean): WrongClient => ({
  server: (response, link) => (ignores(wordOf(response), response, link) ? null : response),
});

/** A client that stops at a response that fulfils this. */
export const stopsAt = (dies: (word: string, response: string, link: Link) => boolean): WrongClient => ({
  server: (response, link) => {
    if (!dies(wordOf(response), response, link)) return response;
    link.leave();
    link.hangUp();
    return null;
  },
});

/** A client that writes these commands in another way. */
export const writes = (pattern: RegExp, replacement: string): WrongClient => ({
  client: (text) => text.replace(pattern, replacement),
});

/** A client that reads these responses in another way. */
export const reads = (pattern: RegExp, replacement: string): WrongClient => ({
  server: (text) => text.replace(pattern, replacement),
});

/** Commands that the relay sends by itself have this tag, and their completions are its own. */
const ownTag = 'zz';

/** A client that sends something more where `what` says so; `behind` its own octets, or before them. */
export const sendsMore = (
  what: (text: string, link: Link) => string | null,
  where: 'before' | 'behind' = 'behind',
): WrongClient => ({
  client: (text, link) => {
    const more = what(text, link);
    if (more === null) return text;
    const line = `${ownTag} ${more}\r\n`;
    return where === 'behind' ? text + line : line + text;
  },
  server: (response) => (response.startsWith(`${ownTag} `) ? null : response),
});
