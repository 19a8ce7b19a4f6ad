/** Every chunk type of both profiles. Reader, writer, generators and near misses are made from these tables. */
import { type Actor, actors } from './actors.js';

/** `dime-2015`: the author's message of sections 1 to 11. `prime`: the naked message of section 12. */
export const messageProfiles = ['dime-2015', 'prime'] as const;
export type MessageProfile = (typeof messageProfiles)[number];

/** What can be selected on writing (MSG-077), and what the bounce signatures are counted in. */
export type Section = 'envelope' | 'metadata' | 'display' | 'attachments' | 'signature';

/** The bits that libdime gives the sections. (Section 3) */
export const sectionBits: Readonly<Record<Section, number>> = {
  envelope: 1,
  metadata: 2,
  display: 4,
  attachments: 8,
  signature: 16,
};

export type ChunkName =
  | 'tracing'
  | 'ephemeral'
  | 'alternate'
  | 'origin'
  | 'destination'
  | 'common'
  | 'headers'
  | 'display'
  | 'display-multipart'
  | 'display-alternatives'
  | 'attachment'
  | 'attachment-multipart'
  | 'attachment-alternatives'
  | 'body'
  | 'author-tree'
  | 'author-full'
  | 'metadata-bounce'
  | 'display-bounce'
  | 'origin-full'
  | 'destination-full';

export interface ChunkDefinition {
  readonly type: number;
  readonly name: ChunkName;
  readonly section: Section;
  /** `standard`: signature, length, flags, padding, data. `keys` is never encrypted. */
  readonly payload: 'keys' | 'standard' | 'signature';
  /** `reserved`: has a name in the digest but no content, and is refused (MSG-010, OQ-49). */
  readonly presence: 'required' | 'optional' | 'reserved';
  readonly repeatable: boolean;
  /** Data may go on in the next chunk of the same type (flag 128). */
  readonly spanning: boolean;
  /** Who has a key slot, in slot order. */
  readonly access: readonly Actor[];
  /** Payload sizes that are allowed; empty when the size is open. */
  readonly sizes: readonly number[];
}

export interface ChunkTable {
  readonly profile: MessageProfile;
  readonly magic: number;
  /** Of one key slot. */
  readonly slotOctets: number;
  /** Signature chunks of `prime` have no length field. (Section 12.5) */
  readonly signaturesHaveLength: boolean;
  /** What stands before the ciphertext in an encrypted payload: masked vector and tag in `prime`. */
  readonly encryptionOverhead: number;
  /** In ascending type order, which is the order in a message (MSG-011). */
  readonly definitions: readonly ChunkDefinition[];
}

/** Octets of an Ed25519 signature, and so of a signature chunk's payload (MSG-020). */
export const signatureOctets = 64;

type Options = Partial<Pick<ChunkDefinition, 'presence' | 'repeatable' | 'spanning' | 'sizes'>>;

function row(
  type: number,
  name: ChunkName,
  section: Section,
  payload: ChunkDefinition['payload'],
  letters: string,
  options: Options = {},
): ChunkDefinition {
  const sizes = payload === 'signature' ? [signatureOctets] : [];
  const access = actors.filter((actor) => letters.includes(actor.charAt(0)));
  const defaults = { presence: 'required', repeatable: false, spanning: false } as const;
  return { type, name, section, payload, access, sizes, ...defaults, ...options };
}

const optional = { presence: 'optional' } as const;
const reserved = { presence: 'reserved' } as const;
const parts = { repeatable: true, spanning: true } as const;

/**
 * The table of a profile. `tables['dime-2015']` is section 3: its column "unique" is read the other way round (OQ-48),
 * and the letters name those with a slot. `tables.prime` is section 12.2, with the presence that a naked message wants.
 */
export const chunkTables: Readonly<Record<MessageProfile, ChunkTable>> = {
  'dime-2015': {
    profile: 'dime-2015',
    magic: 1847,
    slotOctets: 64,
    signaturesHaveLength: true,
    encryptionOverhead: 0,
    definitions: [
      row(2, 'ephemeral', 'envelope', 'keys', '', { sizes: [33] }),
      row(3, 'alternate', 'envelope', 'standard', 'ar', reserved),
      row(4, 'origin', 'envelope', 'standard', 'aor'),
      row(5, 'destination', 'envelope', 'standard', 'adr'),
      row(33, 'common', 'metadata', 'standard', 'ar'),
      row(34, 'headers', 'metadata', 'standard', 'ar', optional),
      row(65, 'display-multipart', 'display', 'standard', 'ar', reserved),
      row(66, 'display-alternatives', 'display', 'standard', 'ar', reserved),
      row(67, 'display', 'display', 'standard', 'ar', { ...parts, ...optional }),
      row(129, 'attachment-multipart', 'attachments', 'standard', 'ar', reserved),
      row(130, 'attachment-alternatives', 'attachments', 'standard', 'ar', reserved),
      row(131, 'attachment', 'attachments', 'standard', 'ar', { ...parts, ...optional }),
      row(225, 'author-tree', 'signature', 'signature', 'aor'),
      row(226, 'author-full', 'signature', 'signature', 'aor'),
      row(248, 'metadata-bounce', 'signature', 'signature', 'aodr', optional),
      row(249, 'display-bounce', 'signature', 'signature', 'aodr', optional),
      row(255, 'origin-full', 'signature', 'signature', 'aodr'),
    ],
  },
  prime: {
    profile: 'prime',
    magic: 1908,
    slotOctets: 32,
    signaturesHaveLength: false,
    encryptionOverhead: 32,
    definitions: [
      row(0, 'tracing', 'envelope', 'keys', '', reserved),
      // 35 octets without the signing key would do for other kinds of message (MSG-082); a naked one needs it (MSG-083).
      row(1, 'ephemeral', 'envelope', 'keys', '', { sizes: [35, 69] }),
      row(2, 'origin', 'envelope', 'standard', 'aor', reserved),
      row(3, 'destination', 'envelope', 'standard', 'adr', reserved),
      row(32, 'common', 'metadata', 'standard', 'ar'),
      row(33, 'headers', 'metadata', 'standard', 'ar'),
      row(48, 'body', 'display', 'standard', 'ar', parts),
      row(224, 'author-tree', 'signature', 'signature', 'aor'),
      row(225, 'author-full', 'signature', 'signature', 'aor'),
      row(254, 'origin-full', 'signature', 'signature', 'aodr', reserved),
      row(255, 'destination-full', 'signature', 'signature', 'dr'),
    ],
  },
};

/** The definition of a type; undefined for one that the digest does not name. */
export function definitionOf(table: ChunkTable, type: number): ChunkDefinition | undefined {
  return table.definitions.find((definition) => definition.type === type);
}

/** @throws RangeError when the profile has no such chunk: a mistake of the caller */
export function definitionNamed(table: ChunkTable, name: ChunkName): ChunkDefinition {
  const definition = table.definitions.find((each) => each.name === name);
  if (definition === undefined) throw new RangeError(`${table.profile} has no ${name} chunk`);
  return definition;
}

/** The three length octets are there unless the profile leaves them out of signature chunks. */
export function hasLength(table: ChunkTable, { payload }: Pick<ChunkDefinition, 'payload'>): boolean {
  return payload !== 'signature' || table.signaturesHaveLength;
}

/** Octets of a serialised chunk with a payload of this size: type, length, payload and slots. (Section 2) */
export function chunkOctets(table: ChunkTable, definition: ChunkDefinition, payloadOctets: number): number {
  return headOctets(table, definition) + payloadOctets + table.slotOctets * definition.access.length;
}

/** Type and length. */
export function headOctets(table: ChunkTable, definition: ChunkDefinition): number {
  return hasLength(table, definition) ? 4 : 1;
}
