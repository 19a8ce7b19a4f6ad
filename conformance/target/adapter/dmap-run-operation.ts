/** dmap.run, on the reference client: one connection, and the steps on it in their order. */
import {
  DmapClient,
  DmapClientError,
  type DmapClientLimits,
  type MailboxView,
  type Outcome,
} from '../../../reference/dmap/client.js';
import { StacieClientMemory } from '../../../reference/stacie/client.js';
import { type StepInputs, type StepName, StepTextError } from './dmap-run-input.js';
import { type StepEnd, steps } from './dmap-run-steps.js';
import { plain } from './plain-json.js';
import { type Operation, OperationRefusal } from './serve.js';

/**
 * The suite is on this machine, and what it does not answer it does not mean to answer. Bodies have to fit into the line of
 * the answer, which has 16 MiB, as base64url.
 */
const limits: Partial<DmapClientLimits> = {
  connectMs: 2_000,
  handshakeMs: 2_000,
  silenceMs: 3_000,
  commandMs: 10_000,
  goodbyeMs: 300,
  totalMs: 60_000,
  literalOctets: 8 * 1024 * 1024,
  commandOctets: 11 * 1024 * 1024,
  commandResponses: 200_000,
  rememberedMessages: 200_000,
  rememberedOctets: 16 * 1024 * 1024,
  synchronizedOctets: 8 * 1024 * 1024,
};

const loginLimits = { paceMs: 60, answerMs: 3_000, totalMs: 20_000 };

/** What STACIE remembers, it remembers for as long as the adapter runs. */
const memory = new StacieClientMemory();

/** As dmap.run.input.schema.json has it. */
interface RunInput {
  readonly endpoint: { readonly host: string; readonly port: number; readonly serverName?: string };
  readonly trust?: string;
  readonly steps: readonly ({ readonly do: StepName } & Readonly<Record<string, unknown>>)[];
}

type Result = Readonly<Record<string, unknown>>;

export const dmapRunOperations: Readonly<Record<'dmap.run', Operation>> = {
  'dmap.run': async (input) => {
    const { endpoint, trust, steps: asked } = input as unknown as RunInput;
    const client = await open(endpoint, trust);
    try {
      const results: Result[] = [];
      for (const step of asked) results.push(await carriedOut(client, step));
      return { steps: results };
    } finally {
      await leave(client);
    }
  },
};

async function open(endpoint: RunInput['endpoint'], trust: string | undefined): Promise<DmapClient> {
  try {
    const believed = trust === undefined ? ('system' as const) : { pem: trust };
    return await DmapClient.open({ ...endpoint, trust: believed, limits, loginLimits, memory });
  } catch (error) {
    if (error instanceof DmapClientError) throw new OperationRefusal(error.message, rowOf(error));
    throw error;
  }
}

/** As a client should (DMAP-107): the server hears LOGOUT before the connection is closed. */
async function leave(client: DmapClient): Promise<void> {
  if (client.over !== null) return;
  try {
    await client.logout();
  } catch (error) {
    if (!(error instanceof DmapClientError)) throw error;
  }
  client.destroy();
}

async function carriedOut(client: DmapClient, step: RunInput['steps'][number]): Promise<Result> {
  const { do: name } = step;
  if (client.over !== null) return { do: name, status: 'skipped', reason: 'the connection is over' };
  try {
    // The schema has checked the shape.
    const work = steps[name] as (client: DmapClient, step: StepInputs[StepName]) => Promise<StepEnd>;
    const { outcome, gives = {} } = await work(client, step as unknown as StepInputs[StepName]);
    return { do: name, ...completion(outcome), ...(plain(gives) as Result), ...standing(client) };
  } catch (error) {
    if (error instanceof StepTextError) {
      return { do: name, status: 'refused', reason: error.message, ...standing(client) };
    }
    if (!(error instanceof DmapClientError)) throw error;
    const status = client.over === null ? 'refused' : 'failed';
    return { do: name, status, reason: error.message, ...rowOf(error), ...standing(client) };
  }
}

function completion(outcome: Outcome | null): Result {
  if (outcome === null) return { status: 'ok' };
  const { status, text, code, alerts, warnings, ignored } = outcome;
  return {
    status: status.toLowerCase(),
    text,
    ...(code === null ? {} : { code: plain(code) }),
    ...(alerts.length === 0 ? {} : { alerts }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(ignored === 0 ? {} : { ignored }),
  };
}

/** What the client takes for true after the step. */
function standing({ state, mailbox }: DmapClient): Result {
  return { state, ...(mailbox === null ? {} : { mailbox: shownMailbox(mailbox) }) };
}

function shownMailbox(view: MailboxView): unknown {
  const { name, readOnly, exists, flags, permanentFlags, uidValidity, uidNext, highestModseq } = view;
  return plain({ name, readOnly, exists, flags, permanentFlags, uidValidity, uidNext, highestModseq });
}

/** The requirement member names rows of the catalogue only, not interpretations. */
function rowOf({ requirement }: DmapClientError): { readonly requirement?: string } {
  return requirement !== undefined && /^DMAP-\d+$/.test(requirement) ? { requirement } : {};
}
