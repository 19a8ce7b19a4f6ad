/** Fetches signets over a connection whose peer was found good: the organization's first, then the user's (DMTP-062). */
import type { CommandArguments } from '../../../grammar/dmtp.js';
import type { Signet } from '../../formats/signet/index.js';
import { type ClientReply, DmtpClientError, shownReply } from './client-error.js';
import type { ClientConnection } from './connection.js';
import type { SignetName } from './names.js';
import { isFingerprint } from './names.js';
import { isSuccess, newerFingerprint, saysCurrent, signetIn, signetsIn } from './reply-readings.js';
import {
  type CheckedSignet,
  checkChain,
  checkOrganization,
  checkUser,
  fullFingerprint,
  hasSameKeys,
  loadSignet,
  requireMatch,
} from './signet-checks.js';
import type { SignetMemory } from './signet-memory.js';

export interface RetrievalContext {
  readonly connection: ClientConnection;
  /** Primary keys of the domain's management record. */
  readonly primaryKeys: readonly Uint8Array[];
  readonly memory: SignetMemory;
}

/**
 * The current signet of a name, or with a fingerprint the one that has it.
 *
 * @throws DmtpClientError
 */
export async function fetchSignet(
  context: RetrievalContext,
  name: SignetName,
  fingerprint?: string,
): Promise<CheckedSignet> {
  if (name.kind === 'organization') return await fetchOrganization(context, name, fingerprint);
  const organization = await organizationOf(context, name);
  if (fingerprint !== undefined) {
    const signet = await ask(context, name, fingerprint);
    return checkUser(signet, organization, undefined, name);
  }
  const known = context.memory.known(name.text);
  const signet = await current(context, name, known);
  const found = await followed(context, name, signet, organization, known);
  context.memory.remember(name.text, found.signet);
  return found;
}

/** Whether a fingerprint is that of the newest signet; if not, that of the newest. @throws DmtpClientError */
export async function verifyFingerprint(
  { connection }: Pick<RetrievalContext, 'connection'>,
  name: SignetName,
  fingerprint: string,
): Promise<string | null> {
  const newer = newerFingerprint(successful(await askVerify(connection, name, fingerprint), 'VRFY'));
  if (newer === null || (isFingerprint(newer) && newer !== fingerprint)) return newer;
  throw new DmtpClientError('malformed-reply', 'the reply to VRFY has UPDATE with what is no newer fingerprint');
}

/**
 * The signets of a name from one fingerprint to another or to the newest, oldest first; each is validated, and each of
 * a user follows the one before.
 *
 * @throws DmtpClientError
 */
export async function fetchHistory(
  context: RetrievalContext,
  name: SignetName,
  start: string,
  stop?: string,
): Promise<CheckedSignet[]> {
  const organization = name.kind === 'user' ? await organizationOf(context, name) : undefined;
  const signets = await askHistory(context, name, start, stop);
  return organization === undefined
    ? signets.map((signet) => checkOrganization(signet, context.primaryKeys, name))
    : checkChain(signets, organization, name);
}

async function organizationOf(context: RetrievalContext, { domain }: SignetName): Promise<Signet> {
  const { signet } = await fetchOrganization(context, { text: domain, domain, kind: 'organization' });
  return signet;
}

async function fetchOrganization(
  context: RetrievalContext,
  name: SignetName,
  fingerprint?: string,
): Promise<CheckedSignet> {
  const { memory, primaryKeys } = context;
  const signet =
    fingerprint === undefined
      ? await current(context, name, memory.known(name.text))
      : await ask(context, name, fingerprint);
  const found = checkOrganization(signet, primaryKeys, name);
  if (fingerprint === undefined) memory.remember(name.text, found.signet);
  return found;
}

/** One that is known is used again while the server calls it current (OQ-97). */
async function current(context: RetrievalContext, name: SignetName, known: Signet | undefined): Promise<Signet> {
  if (known !== undefined) {
    const reply = await askVerify(context.connection, name, fullFingerprint(known));
    if (isSuccess(reply) && saysCurrent(reply)) return known;
  }
  return await ask(context, name);
}

/** A user's new signet has to follow the known one, with those between them where there are some. */
async function followed(
  context: RetrievalContext,
  name: SignetName,
  signet: Signet,
  organization: Signet,
  known: Signet | undefined,
): Promise<CheckedSignet> {
  if (known === undefined || hasSameKeys(signet, known)) {
    return checkUser(signet, organization, undefined, name);
  }
  const direct = brokenChain(() => checkUser(signet, organization, known, name));
  if (!(direct instanceof DmtpClientError)) return direct;
  // Rotated more than once since, perhaps.
  let chain: Signet[];
  try {
    chain = await askHistory(context, name, fullFingerprint(known), fullFingerprint(signet));
  } catch (error) {
    throw error instanceof DmtpClientError && error.code === 'refused' ? direct : error;
  }
  const last = checkChain(chain, organization, name).at(-1);
  if (last !== undefined && chain.length > 1) return last;
  throw direct;
}

/** What `check` gives, or that the chain of custody is broken. */
function brokenChain(check: () => CheckedSignet): CheckedSignet | DmtpClientError {
  try {
    return check();
  } catch (error) {
    if (error instanceof DmtpClientError && error.code === 'broken-chain') return error;
    throw error;
  }
}

async function ask({ connection }: RetrievalContext, name: SignetName, fingerprint?: string): Promise<Signet> {
  const named = { ...nameArgument(name), ...(fingerprint === undefined ? {} : { fingerprint }) };
  const reply = successful(await connection.ask({ verb: 'SGNT', arguments: named }, 'signet'), 'SGNT');
  const signet = loadSignet(signetIn(reply), name);
  if (fingerprint !== undefined) requireMatch(signet, fingerprint, name);
  return signet;
}

async function askHistory(
  { connection }: RetrievalContext,
  name: SignetName,
  start: string,
  stop?: string,
): Promise<Signet[]> {
  const named = { ...nameArgument(name), start, ...(stop === undefined ? {} : { stop }) };
  const reply = successful(await connection.ask({ verb: 'HIST', arguments: named }, 'history'), 'HIST');
  const signets = signetsIn(reply).map((octets) => loadSignet(octets, name));
  const [first, last] = [signets[0], signets.at(-1)];
  if (first !== undefined) requireMatch(first, start, name);
  if (last !== undefined && stop !== undefined) requireMatch(last, stop, name);
  return signets;
}

function askVerify(connection: ClientConnection, name: SignetName, fingerprint: string): Promise<ClientReply> {
  return connection.ask({ verb: 'VRFY', arguments: { ...nameArgument(name), fingerprint } });
}

const nameArgument = ({ kind, text }: SignetName): CommandArguments =>
  kind === 'user' ? { user: text } : { domain: text };

/** @throws DmtpClientError for another code than 200 to 299 (DMTP-019) */
function successful(reply: ClientReply, verb: string): ClientReply {
  if (isSuccess(reply)) return reply;
  throw new DmtpClientError('refused', `${verb} is answered with ${shownReply(reply)}`, { reply });
}
