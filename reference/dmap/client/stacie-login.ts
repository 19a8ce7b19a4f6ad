/** AUTHENTICATE STACIE: the reference's STACIE client, with a SASL step for each of its messages (DMAP-I-30). */
import { StacieError } from '../../formats/stacie/index.js';
import {
  StacieClientError,
  type StacieClientLimits,
  type StacieClientMemory,
  type StacieLogin,
  stacieLoginOver,
} from '../../stacie/client.js';
import { DmapClientError } from './client-error.js';
import type { ClientConnection, Signal } from './connection.js';
import type { Outcome } from './outcome.js';

export interface LoginOptions {
  /** As typed; the server normalises it. */
  readonly username: string;
  readonly password: string;
  /** Names the server to the memory. */
  readonly endpoint: string;
  readonly memory: StacieClientMemory;
  readonly limits?: Partial<StacieClientLimits>;
  readonly signal: AbortSignal;
}

export interface Login {
  readonly outcome: Outcome;
  /** The key ring; empty when the login failed. */
  readonly realms: StacieLogin['keys'];
}

/** The exchange was completed in the place of a challenge. */
class Completed extends Error {
  override readonly name = 'Completed';
  constructor(readonly outcome: Outcome) {
    super('AUTHENTICATE was completed');
  }
}

/**
 * Proves the password. A refusal is an outcome, NO or BAD.
 *
 * @throws DmapClientError; with `bad-login` the exchange was cancelled, and the connection goes on
 */
export async function authenticate(connection: ClientConnection, options: LoginOptions): Promise<Login> {
  let begun = false;
  const exchange = async (text: string): Promise<Uint8Array> => {
    const message = Buffer.from(text);
    const signal = begun
      ? await connection.respond(message)
      : await connection.start({ name: 'AUTHENTICATE', mechanism: 'STACIE', initial: message });
    begun = true;
    return challengeOf(signal);
  };
  let login: StacieLogin;
  try {
    login = await stacieLoginOver(exchange, { ...options, revision: '03' });
  } catch (error) {
    if (error instanceof Completed) {
      if (error.outcome.status === 'OK') throw unproved(connection);
      return { outcome: error.outcome, realms: [] };
    }
    if (!(error instanceof StacieClientError || error instanceof StacieError || error instanceof BadChallenge))
      throw error;
    await cancel(connection, begun);
    throw new DmapClientError('bad-login', `AUTHENTICATE STACIE was given up: ${error.message}`, { cause: error });
  }
  if (!login.authenticated) {
    // A server that answers a wrong proof with another offer: another attempt is another AUTHENTICATE.
    const cancelled = await cancel(connection, begun);
    if (cancelled === null) throw new Error('a login without an exchange');
    return { outcome: cancelled, realms: [] };
  }
  // The key ring came as one more challenge, and an empty line is due.
  const end = await connection.respond(new Uint8Array(0));
  if (end.kind !== 'completed') {
    await cancel(connection, true);
    throw new DmapClientError('bad-login', 'a challenge comes where the completion of AUTHENTICATE is due');
  }
  return { outcome: end.outcome, realms: end.outcome.status === 'OK' ? login.keys : [] };
}

/** What is no base64 cannot be looked at. */
class BadChallenge extends Error {
  override readonly name = 'BadChallenge';
}

function challengeOf(signal: Signal): Uint8Array {
  if (signal.kind === 'completed') throw new Completed(signal.outcome);
  if (signal.kind === 'challenge' && signal.octets !== null) return signal.octets;
  throw new BadChallenge('the challenge is no base64 (DMAP-I-29)');
}

/** OK without the key ring: whoever says so need not know anything of the account. */
function unproved(connection: ClientConnection): DmapClientError {
  const error = new DmapClientError('bad-login', 'AUTHENTICATE is answered with OK before the exchange is over');
  connection.destroy(error);
  return error;
}

/** A line that is one asterisk (DMAP-182); null when no exchange is under way. */
async function cancel(connection: ClientConnection, begun: boolean): Promise<Outcome | null> {
  if (!begun || connection.over !== null) return null;
  const signal = await connection.respond(null);
  if (signal.kind === 'completed' && signal.outcome.status !== 'OK') return signal.outcome;
  const error = new DmapClientError('bad-login', 'a cancelled AUTHENTICATE does not end with BAD or NO');
  connection.destroy(error);
  throw error;
}
