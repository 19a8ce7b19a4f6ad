/**
 * The signets of origins, fetched from the origins themselves by the DMTP client. Whoever sends mail chooses whom this asks,
 * so it asks for few at a time, and for one no more than once in a while.
 */
import { fingerprintCharacters, parseSignet, type Signet } from '../formats/signet/index.js';
import { type DmtpClient, DmtpClientError } from './client.js';
import type { OriginAnswer, OriginSignets } from './origin-signets.js';
import { ResolverError } from './resolver.js';

export interface LookupBounds {
  /** Lookups at a time; beyond them the signet is unavailable. */
  readonly atOnce: number;
  /** Milliseconds for which an answer is kept, found or not. */
  readonly keptMs: number;
  /** Answers that are kept. */
  readonly kept: number;
}

const defaultBounds: LookupBounds = { atOnce: 32, keptMs: 60_000, kept: 1000 };

/**
 * Fetches the signet that MAIL names, and the current one where MAIL names none or one that there is not.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function lookedUpOrigins(
  client: Pick<DmtpClient, 'lookup'>,
  now: () => number = () => performance.now(),
  bounds: LookupBounds = defaultBounds,
): OriginSignets {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<OriginAnswer> }>();
  let underWay = 0;
  const ask = async (domain: string, fingerprint: string | null): Promise<OriginAnswer> => {
    if (underWay >= bounds.atOnce) return { kind: 'unavailable' };
    underWay += 1;
    try {
      return await lookUp(client, domain, fingerprint);
    } finally {
      underWay -= 1;
    }
  };
  return async (domain, text) => {
    const fingerprint = isFingerprint(text) ? text : null;
    const key = `${domain} ${fingerprint ?? ''}`;
    const known = answers.get(key);
    if (known !== undefined && known.until > now()) return await known.answer;
    answers.delete(key);
    const answer = ask(domain, fingerprint);
    for (const oldest of answers.keys()) {
      if (answers.size < bounds.kept) break;
      answers.delete(oldest);
    }
    answers.set(key, { until: now() + bounds.keptMs, answer });
    return await answer;
  };
}

const isFingerprint = (text: string): boolean => text.length === fingerprintCharacters && /^[A-Za-z0-9+/]+$/.test(text);

async function lookUp(
  client: Pick<DmtpClient, 'lookup'>,
  domain: string,
  fingerprint: string | null,
): Promise<OriginAnswer> {
  const fetch = async (wish: { readonly fingerprint?: string }): Promise<Signet> =>
    parseSignet('dime-2015', (await client.lookup({ name: domain, ...wish })).signet);
  try {
    if (fingerprint !== null) {
      try {
        return { kind: 'known', signets: [await fetch({ fingerprint })] };
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return { kind: 'known', signets: [await fetch({})] };
  } catch (error) {
    return { kind: isAbsence(error) ? 'none' : 'unavailable' };
  }
}

/** The origin's own host says that there is no such signet. */
const isRefusal = (error: unknown): boolean => error instanceof DmtpClientError && error.code === 'refused';

/** Nothing that time or another try would change. */
function isAbsence(error: unknown): boolean {
  if (isRefusal(error)) return true;
  const cause = error instanceof DmtpClientError ? error.cause : null;
  return cause instanceof ResolverError && (cause.code === 'no-record' || cause.code === 'bad-record');
}
