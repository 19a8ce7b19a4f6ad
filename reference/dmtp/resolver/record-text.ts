/** From TXT records to the management record that is among them. (Sections 2.3, 2.4 of the record digest) */
import { joinStrings, type ManagementRecord, parseRecord, RecordError } from '../../formats/record/index.js';
import { ResolverError } from './resolver-error.js';

/**
 * Finds the one record. Other texts may stand beside it; two that are both records are none (REC-004, OQ-7).
 *
 * @param data of each TXT record
 * @param where the name, for messages
 * @throws ResolverError
 */
export function recordAmong(data: readonly Buffer[], where: string): ManagementRecord {
  const found: ManagementRecord[] = [];
  let failure: ResolverError | undefined;
  for (const octets of data) {
    try {
      found.push(recordIn(octets, where));
    } catch (error) {
      if (!(error instanceof ResolverError)) throw error;
      failure ??= error;
    }
  }
  const [only, ...others] = found;
  if (others.length > 0) {
    throw new ResolverError(
      'bad-record',
      `${where}: ${found.length} TXT records are management records, and nobody can tell which one counts`,
      'REC-004',
    );
  }
  if (only !== undefined) return only;
  throw failure ?? new ResolverError('no-record', `${where} has no TXT record`, 'REC-077');
}

function recordIn(octets: Buffer, where: string): ManagementRecord {
  const strings = characterStrings(octets);
  if (strings === null) {
    throw new ResolverError('bad-record', `${where}: the lengths of the strings in a TXT record do not fit it`);
  }
  try {
    return parseRecord(joinStrings(strings));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new ResolverError('bad-record', `${where}: ${error.message}`, error.requirement, { cause: error });
  }
}

/** One character an octet; null when a length leads past the end. (RFC 1035 section 3.3.14) */
function characterStrings(octets: Buffer): string[] | null {
  const strings: string[] = [];
  for (let at = 0; at < octets.length; ) {
    const end = at + 1 + (octets[at] ?? 0);
    if (end > octets.length) return null;
    strings.push(octets.toString('latin1', at + 1, end));
    at = end;
  }
  return strings;
}
