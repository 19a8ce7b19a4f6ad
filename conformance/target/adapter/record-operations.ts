/** record.parse and record.format, on the reference codec of management records. */
import {
  formatRecord,
  type ManagementRecord,
  parseRecord,
  RecordError,
} from '../../../reference/formats/record/index.js';
import { type ImmediateOperation, OperationRefusal } from './serve.js';
import { octetText, textMember } from './texts.js';

export const recordOperations: Readonly<Record<'record.parse' | 'record.format', ImmediateOperation>> = {
  'record.parse': (input) => {
    const text = octetText(input.text as string);
    return recordMembers(refusing(() => parseRecord(text), true));
  },
  'record.format': (input) => {
    const { syndicates = null } = input as Partial<RecordInput>;
    const { version = 1, primary = [], tls = [], policy = 'experimental' } = input as Partial<RecordInput>;
    const { deliver = [], expiry = 0, subdomain = 'strict' } = input as Partial<RecordInput>;
    // formatRecord judges the values, also those that the type rules out.
    const record = {
      version,
      primary: primary.map(decode),
      tls: tls.map(decode),
      policy,
      syndicates: syndicates === null ? null : octetText(syndicates),
      deliver: deliver.map(octetText),
      expiry,
      subdomain,
    } as ManagementRecord;
    return { text: refusing(() => formatRecord(record), false) };
  },
};

/** A record as record.parse.result.schema.json has it. */
export function recordMembers(record: ManagementRecord): Record<string, unknown> {
  const { version, primary, tls, policy, syndicates, deliver, expiry, subdomain } = record;
  return {
    version,
    primary: primary.map(encode),
    tls: tls.map(encode),
    policy,
    ...(syndicates === null ? { syndicates } : textMember('syndicates', syndicates)),
    deliver,
    expiry,
    subdomain,
  };
}

/** As record.format.input.schema.json has it. */
interface RecordInput {
  readonly version: number;
  readonly primary: readonly string[];
  readonly tls: readonly string[];
  readonly policy: string;
  readonly syndicates: string | null;
  readonly deliver: readonly string[];
  readonly expiry: number;
  readonly subdomain: string;
}

/** `located`: the error's offset is one in the input, not in a text that was to be written. */
function refusing<Value>(work: () => Value, located: boolean): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const { message, requirement, offset } = error;
    throw new OperationRefusal(message, { requirement, offset: located ? offset : undefined });
  }
}

function encode(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
