/** Generated keys, fields and whole signets. Inputs stay small: a world is made of its number when a case needs it. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { codePoints } from '../../../grammar/leaves.js';
import {
  type Details,
  encryptionKey,
  type Field,
  type Form,
  type Identity,
  type Kind,
  type Octets,
  organizationFields,
  type Profile,
  requestFields,
  signetOctets,
  signingKey,
  userFields,
  utf8,
} from '../../model/signet-builder.js';
import { details } from '../../model/signet-tables.js';
import type { Against, Written } from './signet-calls.js';

/** Everybody who takes part; each has keys of their own. */
export interface World {
  readonly organization: Identity;
  /** A key that the organization gives permissions to. */
  readonly secondary: Identity;
  readonly user: Identity;
  /** The same user, before the key was rotated. */
  readonly before: Identity;
  /** Somebody else: another organization, another user. */
  readonly stranger: Identity;
}

/** Few: what matters is what is made with their keys, and keys take time to make. */
export const worlds: fc.Arbitrary<number> = fc.nat(11);

const known = new Map<number, World>();

export function worldOf(number: number): World {
  const world = known.get(number) ?? makeWorld(number);
  known.set(number, world);
  return world;
}

function makeWorld(number: number): World {
  const identity = (name: string): Identity => {
    const octets = (use: string): Octets =>
      new Uint8Array(createHash('sha256').update(`${number} ${name} ${use}`).digest());
    const scalar = octets('encryption');
    // Between 1 and the group order, which begins with 32 octets of ones, nearly.
    scalar[0] = (scalar[0] ?? 0) & 0x7f;
    scalar[31] = (scalar[31] ?? 0) | 1;
    return { signing: signingKey(octets('signing')), encryption: encryptionKey(scalar) };
  };
  const made = new Map<string, Identity>();
  // Most cases need two of them, and keys take time to make.
  const once = (name: string): Identity => {
    const known = made.get(name) ?? identity(name);
    made.set(name, known);
    return known;
  };
  return {
    get organization() {
      return once('organization');
    },
    get secondary() {
      return once('secondary');
    },
    get user() {
      return once('user');
    },
    get before() {
      return once('before');
    },
    get stranger() {
      return once('stranger');
    },
  };
}

export const kinds = ['organization', 'user', 'signing-request'] as const satisfies readonly Kind[];
export const signetKinds = ['organization', 'user'] as const;

/** A right object, and what it is valid against. */
export interface Specimen extends Written {
  readonly against: Against;
}

/** A right object. Profile prime has the cryptographic form alone, so `form` and `details` say nothing there. */
export function specimen(profile: Profile, kind: Kind, world: World, wanted: Details = {}): Specimen {
  const parts: Details = profile === 'prime' ? {} : wanted;
  const { organization, user } = world;
  if (kind === 'organization') {
    const primaryKeys = [organization.signing.publicKey];
    return written(profile, kind, organizationFields(profile, organization, parts), { primaryKeys });
  }
  if (kind === 'signing-request') return written(profile, kind, requestFields(profile, user), {});
  const fields = userFields(profile, user, { ...parts, signer: organization.signing });
  return written(profile, kind, fields, { organization: organizationOf(profile, world) });
}

export function written(profile: Profile, kind: Kind, fields: readonly Field[], against: Against = {}): Specimen {
  return { profile, kind, fields, octets: signetOctets(profile, kind, fields), against };
}

/** The organization's signet, cryptographic. */
export function organizationOf(profile: Profile, { organization }: World): Octets {
  return signetOctets(profile, 'organization', organizationFields(profile, organization));
}

/** The user's signet before the key was rotated. */
export function previousOf(profile: Profile, { organization, before }: World): Octets {
  return signetOctets(profile, 'user', userFields(profile, before, { signer: organization.signing }));
}

/** Data of a length, for fields whose content nobody looks at. */
export const someOctets = (most: number): fc.Arbitrary<Octets> => fc.uint8Array({ minLength: 1, maxLength: most });

/** Informational fields in the order of their ids, with texts or with octets of any kind. */
export function detailFields(
  kind: 'organization' | 'user',
  data: fc.Arbitrary<Octets> = someOctets(40),
): fc.Arbitrary<Field[]> {
  const rows = details[kind];
  const field = fc.record({ row: fc.nat(rows.length - 1), data });
  const own = fc.record({
    id: fc.constant(251),
    name: fc.string({ minLength: 1, maxLength: 12 }).map(utf8),
    data,
  });
  return fc
    .record({ fields: fc.array(field, { maxLength: 8 }), undefinedFields: fc.array(own, { maxLength: 3 }) })
    .map(({ fields, undefinedFields }) => {
      const seen = new Set<number>();
      const kept = fields.flatMap(({ row, data: octets }): Field[] => {
        const { id, repeats } = rows[row] ?? { id: 16 };
        if (seen.has(id) && repeats !== true) return [];
        seen.add(id);
        return [{ id, data: octets }];
      });
      return [...kept, ...undefinedFields].sort((left, right) => left.id - right.id);
    });
}

/** Short texts with characters of one to four octets. */
export const texts: fc.Arbitrary<Octets> = fc.string({ unit: codePoints, minLength: 1, maxLength: 12 }).map(utf8);

/** The fields with one of them replaced by others. */
export function replaced(fields: readonly Field[], id: number, change: (field: Field) => Field[]): Field[] {
  return fields.flatMap((field) => (field.id === id ? change(field) : [field]));
}

/** A copy with one octet changed. */
export function flipped(octets: Octets, place: number, bits = 1): Octets {
  const copy = Uint8Array.from(octets);
  const at = place % copy.length;
  copy[at] = (copy[at] ?? 0) ^ bits;
  return copy;
}

export const formIn = (profile: Profile, form: Form): Form => (profile === 'prime' ? 'cryptographic' : form);
