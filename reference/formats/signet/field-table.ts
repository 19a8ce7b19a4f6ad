/** The field table of one object in one profile, ready for look-up by id; and the magic numbers. */
import { type FieldContent, fieldRows, type KeyObjectType, type ObjectType, type SignetType } from './field-rows.js';
import { type Profile, profileRules, profiles } from './profile.js';

/** Magic numbers that are written. (Section 1) */
export const magicNumbers: Readonly<Record<ObjectType, number>> = {
  'signing-request': 1215,
  organization: 1776,
  user: 1789,
  'organization-keys': 1952,
  'user-keys': 2013,
};

/** Signing requests made before October 2016 (SIG-003, OQ-22). */
export const legacyRequestMagic = 1216;

/** Private keys under a realm key of STACIE, profile `prime` only. (Section 11.9) */
export const encryptedKeyMagics = { 'organization-keys': 1947, 'user-keys': 1976 } as const;

/** Magic (2) and length (3) before the fields. (Section 2.1) */
export const headerOctets = 5;
/** The most that the three length octets can say (SIG-006). */
export const mostFieldOctets = 0xffffff;

export interface FieldDefinition {
  readonly id: number;
  readonly name: string | null;
  readonly content: FieldContent;
  readonly required: boolean;
  readonly unique: boolean;
  readonly lengthOctets: 0 | 1 | 2 | 3;
}

export interface FieldTable {
  readonly profile: Profile;
  readonly type: ObjectType;
  readonly magic: number;
  /** By id; undefined for what is not allowed. */
  readonly byId: readonly (FieldDefinition | undefined)[];
  /** The allowed ids in ascending order. */
  readonly definitions: readonly FieldDefinition[];
  /** Those of the definitions that the highest form needs. */
  readonly required: readonly FieldDefinition[];
  readonly lastId: number;
}

export const signetTypes: readonly SignetType[] = ['organization', 'user', 'signing-request'];
export const keyObjectTypes: readonly KeyObjectType[] = ['organization-keys', 'user-keys'];

const tables = new Map<string, FieldTable>();
for (const profile of profiles) {
  for (const type of [...signetTypes, ...keyObjectTypes]) tables.set(`${profile} ${type}`, makeTable(profile, type));
}

export function fieldTable(profile: Profile, type: ObjectType): FieldTable {
  const table = tables.get(`${profile} ${type}`);
  if (table === undefined) throw new RangeError(`no field table for ${profile} ${type}`);
  return table;
}

/** The type that a magic number stands for, or null. Encrypted keys are not among them: they have no fields. */
export function typeOfMagic(magic: number): ObjectType | null {
  if (magic === legacyRequestMagic) return 'signing-request';
  return [...signetTypes, ...keyObjectTypes].find((type) => magicNumbers[type] === magic) ?? null;
}

export function isSignetType(type: ObjectType): type is SignetType {
  return type === 'organization' || type === 'user' || type === 'signing-request';
}

function makeTable(profile: Profile, type: ObjectType): FieldTable {
  const { encryptionLengthOctets } = profileRules[profile];
  const byId = new Array<FieldDefinition | undefined>(256).fill(undefined);
  for (const { first, last, lengthOctets, ...rest } of fieldRows[type]) {
    for (let id = first; id <= last; id++) {
      byId[id] = { ...rest, id, lengthOctets: lengthOctets === 'encryption' ? encryptionLengthOctets : lengthOctets };
    }
  }
  const definitions = byId.filter((definition) => definition !== undefined);
  const required = definitions.filter((definition) => definition.required);
  return { profile, type, magic: magicNumbers[type], byId, definitions, required, lastId: definitions.at(-1)?.id ?? 0 };
}
