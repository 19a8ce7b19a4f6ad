/** Each step of dmap.run, on the reference client. */
import type { Response } from '../../../grammar/dmap.js';
import { type DmapClient, dataOf, type Outcome, type PlainCommand } from '../../../reference/dmap/client.js';
import { fromBase64url } from './binary.js';
import {
  actionGiven,
  appendCommand,
  cacheGiven,
  experimentalCommand,
  fetchCommand,
  listCommand,
  optionsNamed,
  type StepInputs,
  type StepName,
  searchCommand,
  setNamed,
  statusCommand,
  storeCommand,
} from './dmap-run-input.js';

/** How a step ended: as its command did, with what else it gives; values as the grammar has them. */
export interface StepEnd {
  /** Null when nothing was asked of the server, or more than one thing. */
  readonly outcome: Outcome | null;
  readonly gives?: Readonly<Record<string, unknown>>;
}

type Steps = { readonly [Name in StepName]: (client: DmapClient, step: StepInputs[Name]) => Promise<StepEnd> };

/** Messages that `view` shows. */
const mostShown = 10_000;

export const steps: Steps = {
  authenticate: async (client, { username, password }) => {
    const { outcome, realms } = await client.authenticate(username, password);
    const keys = realms.map(({ label, index, shard }) => ({ realm: label, index, shard }));
    return {
      outcome,
      gives: { authenticated: outcome.status === 'OK', keys, capabilities: client.capabilities ?? [] },
    };
  },
  capability: async (client) => {
    const outcome = await client.run({ name: 'CAPABILITY' });
    return { outcome, gives: { capabilities: client.capabilities ?? [] } };
  },
  noop: plainly(() => ({ name: 'NOOP' })),
  select: plainly(({ mailbox }) => ({ name: 'SELECT', mailbox })),
  examine: plainly(({ mailbox }) => ({ name: 'EXAMINE', mailbox })),
  create: plainly(({ mailbox }) => ({ name: 'CREATE', mailbox })),
  delete: plainly(({ mailbox }) => ({ name: 'DELETE', mailbox })),
  rename: plainly(({ from, to }) => ({ name: 'RENAME', from, to })),
  subscribe: plainly(({ mailbox }) => ({ name: 'SUBSCRIBE', mailbox })),
  unsubscribe: plainly(({ mailbox }) => ({ name: 'UNSUBSCRIBE', mailbox })),
  list: async (client, step) => {
    const outcome = await client.run(listCommand(step));
    const mailboxes = dataOf(outcome, 'list').map(({ kind: _, ...mailbox }) => mailbox);
    return { outcome, gives: { mailboxes } };
  },
  status: async (client, step) => {
    const outcome = await client.run(statusCommand(step));
    return { outcome, gives: { values: statusOf(outcome, step.mailbox) } };
  },
  append: async (client, step) => {
    const { create = false, anyFormat = false } = step;
    const outcome = await client.append(appendCommand(step), { create, anyFormat });
    return { outcome, gives: placeOf(outcome) };
  },
  fetch: async (client, step) => {
    const outcome = await client.run(fetchCommand(step));
    return { outcome, gives: { messages: messagesIn(outcome) } };
  },
  store: async (client, step) => {
    const outcome = await client.run(storeCommand(step));
    const modified = outcome.code?.name === 'MODIFIED' ? { modified: outcome.code.set } : {};
    return { outcome, gives: { messages: messagesIn(outcome), ...modified } };
  },
  copy: async (client, { mailbox, set, uid = false, create = false }) => {
    const outcome = await client.copy({ name: 'COPY', uid, set: setNamed(set), mailbox }, create);
    return { outcome, gives: placeOf(outcome) };
  },
  expunge: plainly(({ set }) => ({ name: 'EXPUNGE', set: set === undefined ? null : setNamed(set) })),
  close: plainly(() => ({ name: 'CLOSE' })),
  search: async (client, step) => {
    const outcome = await client.run(searchCommand(step));
    const found = dataOf(outcome, 'search');
    const modseq = found.at(-1)?.modseq ?? null;
    return {
      outcome,
      gives: { numbers: found.flatMap(({ numbers }) => numbers), ...(modseq === null ? {} : { modseq }) },
    };
  },
  submit: async (client, { number, uid = false, options, decide = true }) => {
    const outcome = await client.submit({ number, uid, options: optionsNamed(options), decide });
    return { outcome, gives: { messages: messagesIn(outcome) } };
  },
  getkey: async (client, { keyId, part = 'BOTH' }) => keysOf(await client.run({ name: 'GETKEY', keyId, part })),
  addkey: async (client, { keyId, public: publicPart, private: privatePart, replace = false }) => {
    const parts = {
      public: fromBase64url(publicPart),
      private: privatePart === undefined ? null : fromBase64url(privatePart),
    };
    return { outcome: await client.addKey({ name: 'ADDKEY', keyId, ...parts }, replace) };
  },
  deletekey: plainly(({ keyId }) => ({ name: 'DELETEKEY', keyId })),
  listkeys: async (client) => keysOf(await client.run({ name: 'LISTKEYS' })),
  getsignet: async (client, { address }) => signetsOf(await client.run({ name: 'GETSIGNET', address })),
  addsignet: plainly(({ address, signet }) => ({ name: 'ADDSIGNET', address, signet: fromBase64url(signet) })),
  deletesignet: plainly(({ address }) => ({ name: 'DELETESIGNET', address })),
  listsignets: async (client, { pattern = null }) => signetsOf(await client.run({ name: 'LISTSIGNETS', pattern })),
  synchronize: async (client, { mailbox, cache, want = [], meta = false, actions = [] }) => {
    const request = { mailbox, cache: cacheGiven(cache), want, meta, actions: actions.map(actionGiven) };
    return { outcome: null, gives: { ...(await client.synchronize(request)) } };
  },
  wait: async (client, { milliseconds }) => {
    const news = await client.wait(milliseconds);
    return { outcome: { status: 'OK', code: null, text: '', ...news }, gives: { messages: messagesIn(news) } };
  },
  raw: plainly(experimentalCommand),
  view: async ({ mailbox }) => {
    const messages: unknown[] = [];
    for (const [number, { uid, flags, modseq }] of mailbox?.messages() ?? []) {
      if (messages.length >= mostShown) break;
      const items = [
        ...(uid === null ? [] : [{ item: 'UID', uid }]),
        ...(flags === null ? [] : [{ item: 'FLAGS', flags }]),
        ...(modseq === null ? [] : [{ item: 'MODSEQ', modseq }]),
      ];
      messages.push({ number, items });
    }
    return { outcome: null, gives: { messages } };
  },
  logout: async (client) => ({ outcome: await client.logout() }),
};

/** A command whose completion says everything. */
function plainly<Input>(
  commandOf: (step: Input) => PlainCommand,
): (client: DmapClient, step: Input) => Promise<StepEnd> {
  return async (client, step) => ({ outcome: await client.run(commandOf(step)) });
}

function messagesIn(outcome: Pick<Outcome, 'data'>): unknown[] {
  return dataOf(outcome, 'fetch').map(({ number, items }) => ({ number, items }));
}

/** A server may write the name in another letter case than it was asked for (DMAP-129). */
function statusOf(outcome: Outcome, mailbox: string): unknown {
  const told = dataOf(outcome, 'mailbox-status');
  const same = (other: string): boolean => other.toLowerCase() === mailbox.toLowerCase();
  const found = told.find((each) => each.mailbox === mailbox) ?? told.find((each) => same(each.mailbox));
  return found?.values ?? [];
}

/** Where the messages came to, when the server tells (UIDPLUS). */
function placeOf({ code }: Pick<Response & { readonly kind: 'tagged' }, 'code'>): Record<string, unknown> {
  if (code?.name === 'APPENDUID') return { uidValidity: code.validity, uids: code.uids };
  return code?.name === 'COPYUID' ? { uidValidity: code.validity, from: code.from, uids: code.to } : {};
}

function keysOf(outcome: Outcome): StepEnd {
  const keyRing = dataOf(outcome, 'key').map(({ keyId, parts }) => ({ keyId, parts }));
  return { outcome, gives: { keyRing } };
}

function signetsOf(outcome: Outcome): StepEnd {
  const signets = dataOf(outcome, 'signet').map(({ address, signet }) => ({ address, signet }));
  return { outcome, gives: { signets } };
}
