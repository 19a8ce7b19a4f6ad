/** Seeded faults of a reader of signets: what it takes and should not, and the other way round. */
import { fieldsOctets, type Kind, magics, objectOf, sha512, verifies } from '../model/signet-builder.js';
import { details } from '../model/signet-tables.js';
import type { Fault } from './fault.js';
import { type Bend, bendResult } from './record-and-codec-bending.js';
import {
  changeFields,
  claimedState,
  firstData,
  hasField,
  type Input,
  inputOctets,
  kindOf,
  type Loose,
  looselyRead,
  magicOf,
  otherState,
  profileOf,
  readInput,
} from './signet-bending.js';
import { changeInput, forgiveRefusal, octetsOf, octetsOrNull, refuseInput, write } from './stacie-bending.js';

const parse = 'signet.parse';
const validate = 'signet.validate';

/** Takes what the reference refuses, and says that there is nothing in it. */
const takes = (when: (input: Input) => boolean): Bend =>
  forgiveRefusal(parse, when, (input) => ({ type: kindOf(inputOctets(input)) ?? 'organization', fields: [] }));

const refuses = (when: (input: Input) => boolean): Bend => refuseInput(parse, when);

const stoppedAt = (input: Input, holds: (stopped: NonNullable<Loose['stopped']>) => boolean): boolean => {
  const stopped = readInput(input)?.stopped;
  return stopped !== undefined && stopped !== null && holds(stopped);
};

const isKind = (input: Input, kind: Kind): boolean => kindOf(inputOctets(input)) === kind;
const is2015 = (input: Input): boolean => profileOf(input) !== 'prime';
const isPrime = (input: Input): boolean => profileOf(input) === 'prime';
const announced = (octets: Uint8Array): number => ((octets[2] ?? 0) << 16) | ((octets[3] ?? 0) << 8) | (octets[4] ?? 0);

/** Changes the fields in a result of signet.parse. */
const givesFields = (change: (fields: readonly Record<string, unknown>[]) => unknown[]): Bend =>
  bendResult(parse, (result) => ({
    ...result,
    fields: change(Array.isArray(result.fields) ? (result.fields as Record<string, unknown>[]) : []),
  }));

const repeats: readonly number[] = [2, 3, 21, 202, 251];

const layoutFaults: readonly Fault[] = [
  {
    id: 'signet/any-magic-taken',
    breaks: 'SIG-001',
    title: 'takes every magic number for that of an organization',
    operations: takes((input) => kindOf(inputOctets(input)) === null),
  },
  {
    id: 'signet/legacy-magic-refused',
    breaks: 'SIG-003',
    title: 'refuses signing requests with the magic 1216',
    operations: refuses((input) => magicOf(inputOctets(input)) === 1216),
  },
  {
    id: 'signet/length-read-from-two-octets',
    breaks: 'SIG-004',
    title: 'reads the length from the last two octets of the header',
    operations: refuses((input) => (inputOctets(input)[2] ?? 0) > 0),
  },
  {
    id: 'signet/announced-length-ignored',
    breaks: 'SIG-005',
    title: 'ignores the length in the header',
    operations: takes((input) => announced(inputOctets(input)) !== inputOctets(input).length - 5),
  },
  {
    id: 'signet/low-octet-of-sizes',
    breaks: 'SIG-007',
    title: 'takes the last octet of a size alone',
    operations: givesFields((fields) =>
      fields.map((field) => {
        const data = octetsOf(field.data);
        return { ...field, data: write(data.subarray(0, data.length & 0xff)) };
      }),
    ),
  },
  {
    id: 'signet/signatures-with-length-taken',
    breaks: 'SIG-008',
    title: 'takes signatures with a length octet as well',
    operations: takes((input) => {
      const octets = inputOctets(input);
      return [4, 5, 6, 253, 255].includes(octets.at(-66) ?? 0) && octets.at(-65) === 64;
    }),
  },
  {
    id: 'signet/names-dropped',
    breaks: 'SIG-009',
    title: 'drops the names of undefined fields',
    operations: givesFields((fields) => fields.map((field) => ({ id: field.id, data: field.data }))),
  },
  {
    id: 'signet/undefined-fields-by-name',
    breaks: 'SIG-010',
    title: 'keeps the last of undefined fields with the same name',
    operations: givesFields((fields) =>
      fields.filter(
        (field, index) =>
          field.id !== 251 || !fields.slice(index + 1).some(({ id, name }) => id === 251 && name === field.name),
      ),
    ),
  },
  {
    id: 'signet/order-ignored',
    breaks: 'SIG-012',
    title: 'puts fields in order before it checks them',
    operations: changeFields(parse, 'data', ({ fields }) => fields.toSorted((left, right) => left.id - right.id)),
  },
  {
    id: 'signet/first-of-repeated-fields',
    breaks: 'SIG-013',
    title: 'takes the first of a unique field that is there twice',
    operations: changeFields(parse, 'data', ({ fields }) =>
      fields.filter(({ id }, index) => repeats.includes(id) || fields.findIndex((one) => one.id === id) === index),
    ),
  },
  {
    id: 'signet/every-field-once',
    breaks: 'SIG-014',
    title: 'refuses every field that is there twice',
    operations: refuses((input) => {
      const ids = readInput(input)?.fields.map(({ id }) => id) ?? [];
      return new Set(ids).size < ids.length;
    }),
  },
  ...(
    [
      ['SIG-015', 'organization'],
      ['SIG-016', 'user'],
      ['SIG-017', 'signing-request'],
    ] as const
  ).map(
    ([breaks, kind]): Fault => ({
      id: `signet/forbidden-in-${kind}-taken`,
      breaks,
      title: `takes ids that a ${kind} may not have`,
      operations: takes((input) => isKind(input, kind) && stoppedAt(input, ({ why }) => why === 'id')),
    }),
  ),
  {
    id: 'signet/field-cut-at-the-end',
    breaks: 'SIG-019',
    title: 'takes a field that runs past the end, as far as it goes',
    operations: takes((input) => stoppedAt(input, ({ why }) => why === 'size')),
  },
  {
    id: 'signet/trailing-octets-ignored',
    breaks: 'SIG-020',
    title: 'does not look at octets behind the last field (OQ-32)',
    operations: takes((input) =>
      stoppedAt(
        input,
        ({ id, previous }) =>
          previous === 255 || (previous === 5 && isKind(input, 'signing-request')) || (id === 0 && isPrime(input)),
      ),
    ),
  },
  {
    id: 'signet/empty-last-field-refused',
    breaks: 'SIG-021',
    title: 'refuses data of no octets in the last field (OQ-31)',
    operations: refuses((input) => readInput(input)?.fields.at(-1)?.data.length === 0),
  },
  {
    id: 'signet/onion-hosts-unknown',
    breaks: 'SIG-022',
    title: 'does not know the fields 208 to 211 of an organization',
    operations: refuses(
      (input) => isKind(input, 'organization') && [208, 209, 210, 211].some((id) => hasField(input, id)),
    ),
  },
  {
    id: 'signet/organization-fields-for-users',
    breaks: 'SIG-023',
    title: 'reads users by the table of organizations',
    operations: refuses(
      (input) =>
        isKind(input, 'user') &&
        readInput(input)?.fields.some(
          ({ id }) => id >= 16 && id <= 250 && !details.organization.some((row) => row.id === id),
        ) === true,
    ),
  },
  {
    id: 'signet/one-alternate-key',
    breaks: 'SIG-024',
    title: 'takes no request with alternate keys',
    operations: refuses((input) => isKind(input, 'signing-request') && hasField(input, 3)),
  },
];

const dialectFaults: readonly Fault[] = [
  {
    id: 'signet/one-length-octet-in-dime-2015',
    breaks: 'SIG-025',
    title: 'reads dime-2015 as dime-2015-magma',
    operations: changeInput(parse, (input) =>
      input.profile === 'dime-2015' ? { ...input, profile: 'dime-2015-magma' } : input,
    ),
  },
  {
    id: 'signet/two-length-octets-in-magma',
    breaks: 'SIG-026',
    title: 'reads dime-2015-magma as dime-2015',
    operations: changeInput(parse, (input) =>
      input.profile === 'dime-2015-magma' ? { ...input, profile: 'dime-2015' } : input,
    ),
  },
  {
    id: 'signet/other-dialect-misread',
    breaks: 'SIG-027',
    title: 'reads objects of another profile as if they were of its own',
    operations: takes(() => true),
  },
  {
    id: 'signet/any-prefix-taken',
    breaks: 'SIG-029',
    title: 'does not look at the prefix of a signing key',
    operations: otherState(
      (_state, input) => is2015(input) && firstData(readInput(input) ?? { fields: [] }, 1)[0] !== 0x40,
      claimedState,
    ),
  },
  {
    id: 'signet/any-length-of-signing-key',
    breaks: 'SIG-030',
    title: 'does not look at the length of a signing key',
    operations: otherState(
      (_state, input) => firstData(readInput(input) ?? { fields: [] }, 1).length !== (isPrime(input) ? 32 : 33),
      claimedState,
    ),
  },
  {
    id: 'signet/secondary-key-at-the-end',
    breaks: 'SIG-031',
    title: 'takes the last 32 octets of a secondary key, whatever stands before them',
    operations: changeFields(validate, 'organization', ({ fields }) =>
      fields.map((field) =>
        field.id === 2 ? { id: 2, data: Uint8Array.of(1, 0x40, ...field.data.subarray(-32)) } : field,
      ),
    ),
  },
  {
    id: 'signet/undefined-permissions-refused',
    breaks: 'SIG-032',
    title: 'ignores secondary keys that have bits without a meaning',
    operations: changeFields(validate, 'organization', ({ fields }) =>
      fields.map((field) =>
        field.id === 2 && (field.data[0] ?? 0) > 15
          ? { id: 2, data: Uint8Array.of(0, ...field.data.subarray(1)) }
          : field,
      ),
    ),
  },
  {
    id: 'signet/permissions-ignored',
    breaks: 'SIG-033',
    title: 'lets every secondary key sign signets',
    operations: changeFields(validate, 'organization', ({ fields }) =>
      fields.map((field) => (field.id === 2 ? { id: 2, data: Uint8Array.of(1, ...field.data.subarray(1)) } : field)),
    ),
  },
  {
    id: 'signet/secondary-keys-alone',
    breaks: 'SIG-034',
    title: 'does not try the primary key where there are secondary ones',
    operations: changeFields(validate, 'organization', (loose) => {
      const secondary = firstData(loose, 2);
      return secondary.length === 0
        ? loose.fields
        : loose.fields.map((field) => (field.id === 1 ? { id: 1, data: secondary.subarray(1) } : field));
    }),
  },
  {
    id: 'signet/any-point-taken',
    breaks: 'SIG-036',
    title: 'does not look whether an encryption key is a point',
    operations: takes((input) => isPrime(input) && firstData(readInput(input) ?? { fields: [] }, 2).length !== 65),
  },
  {
    id: 'signet/uncompressed-points-taken',
    breaks: 'SIG-037',
    title: 'takes uncompressed points',
    operations: takes((input) => isPrime(input) && firstData(readInput(input) ?? { fields: [] }, 2).length === 65),
  },
];

const scalarIsTooLarge = (input: Input): boolean => (inputOctets(input).at(-1) ?? 0) >= 0x10;
const previousOf = (input: Input): Loose | null => {
  const octets = octetsOrNull(input.previous);
  return octets === null ? null : looselyRead(profileOf(input), octets);
};

const validationFaults: readonly Fault[] = [
  {
    id: 'signet/signatures-not-verified',
    breaks: 'SIG-038',
    title: 'verifies no signature',
    operations: otherState((state) => state === 'invalid', claimedState),
  },
  {
    id: 'signet/group-order-not-tested',
    breaks: 'SIG-038',
    title: 'takes a signature with the group order added to its scalar',
    operations: otherState((state, input) => state === 'invalid' && scalarIsTooLarge(input), claimedState),
  },
  {
    id: 'signet/request-not-verified',
    breaks: 'SIG-039',
    title: 'does not verify the signature of a request',
    operations: otherState((state, input) => state === 'invalid' && isKind(input, 'signing-request'), claimedState),
  },
  {
    id: 'signet/lower-forms-incomplete',
    breaks: 'SIG-047',
    title: 'calls every signet without an identifier incomplete',
    operations: otherState((state) => state === 'full' || state === 'cryptographic', 'incomplete'),
  },
  {
    id: 'signet/requests-are-cryptographic',
    breaks: 'SIG-048',
    title: 'calls a signing request a cryptographic signet',
    operations: otherState((state) => state === 'signing-request', 'cryptographic'),
  },
  {
    id: 'signet/malformed-is-invalid',
    breaks: 'SIG-049',
    title: 'calls what does not load invalid',
    operations: otherState((state) => state === 'malformed', 'invalid'),
  },
  {
    id: 'signet/incomplete-is-invalid',
    breaks: 'SIG-050',
    title: 'calls an object in which a field is missing invalid',
    operations: otherState((state) => state === 'incomplete', 'invalid'),
  },
  {
    id: 'signet/full-is-the-highest',
    breaks: 'SIG-051',
    title: 'does not know the identifiable form',
    operations: otherState((state) => state === 'identifiable', 'full'),
  },
  {
    id: 'signet/unknown-is-invalid',
    breaks: 'SIG-052',
    title: 'calls the signet of an organization that it does not know invalid',
    operations: otherState((state, input) => state === 'unknown' && isKind(input, 'organization'), 'invalid'),
  },
  {
    id: 'signet/signatures-above-the-first-ignored',
    breaks: 'SIG-053',
    title: 'takes a signet of which a signature does not hold',
    operations: otherState((state) => state === 'invalid', claimedState),
  },
  {
    id: 'signet/organization-not-needed',
    breaks: 'SIG-054',
    title: 'takes a user signet when it has no organization to check it with',
    operations: otherState((state, input) => state === 'unknown' && isKind(input, 'user'), claimedState),
  },
  {
    id: 'signet/one-key-for-all-signatures',
    breaks: 'SIG-055',
    title: 'verifies all signatures on a user signet with the primary key',
    operations: changeFields(validate, 'organization', ({ fields }) => fields.filter(({ id }) => id !== 2)),
  },
  {
    id: 'signet/self-signature-not-verified',
    breaks: 'SIG-056',
    title: 'does not verify the self-signature of a user signet (OQ-28)',
    operations: otherState((state, input) => state === 'invalid' && isKind(input, 'user'), claimedState),
  },
  {
    id: 'signet/previous-ignored-without-custody',
    breaks: 'SIG-057',
    title: 'forgets the previous signet when field 4 is absent',
    operations: otherState((state, input) => state === 'broken-chain' && !hasField(input, 4), claimedState),
  },
  {
    id: 'signet/custody-not-verified',
    breaks: 'SIG-058',
    title: 'takes every field 4 when there is a previous signet',
    operations: otherState(
      (state, input) => state === 'broken-chain' && hasField(input, 4) && input.previous !== undefined,
      claimedState,
    ),
  },
  ...(
    [
      ['SIG-059', 'signing-request'],
      ['SIG-062', 'user'],
    ] as const
  ).map(
    ([breaks, kind]): Fault => ({
      id: `signet/custody-of-${kind}-not-asked-for`,
      breaks,
      title: `takes a ${kind} with field 4 without a previous signet`,
      operations: otherState(
        (state, input) => state === 'broken-chain' && input.previous === undefined && isKind(input, kind),
        claimedState,
      ),
    }),
  ),
  {
    id: 'signet/field-5-with-the-previous-key',
    breaks: 'SIG-060',
    title: 'verifies field 5 of a request with the previous key (OQ-27)',
    operations: otherState(
      (_state, input) => isKind(input, 'signing-request') && input.previous !== undefined && hasField(input, 4),
      (input) => {
        const loose = readInput(input);
        const previous = previousOf(input);
        if (loose === null || previous === null) return 'broken-chain';
        const below = loose.fields.filter(({ id }) => id < 5);
        const key = firstData(previous, 1).subarray(-32);
        const holds = verifies(key, fieldsOctets(loose.profile, loose.kind, below), firstData(loose, 5));
        return holds ? 'signing-request' : 'broken-chain';
      },
    ),
  },
  {
    id: 'signet/previous-of-any-type',
    breaks: 'SIG-061',
    title: 'does not look at the type of the previous signet',
    operations: otherState(
      (state, input) => state === 'broken-chain' && previousOf(input)?.kind !== 'user',
      claimedState,
    ),
  },
  {
    id: 'signet/first-primary-key-alone',
    breaks: 'SIG-081',
    title: 'compares the first primary key of the record alone',
    operations: changeInput(validate, (input) => ({
      ...input,
      ...(Array.isArray(input.primaryKeys) ? { primaryKeys: input.primaryKeys.slice(0, 1) } : {}),
    })),
  },
  {
    id: 'signet/texts-checked-when-verifying',
    breaks: 'SIG-086',
    title: 'calls a signet malformed of which a text is no UTF-8',
    operations: otherState((_state, input) => {
      const fields = readInput(input)?.fields ?? [];
      return fields.some(({ id, data }) => id >= 16 && id < 252 && !isUtf8(data));
    }, 'malformed'),
  },
];

function isUtf8(octets: Uint8Array): boolean {
  return Buffer.from(Buffer.from(octets).toString('utf8')).equals(octets);
}

const fingerprint = 'signet.fingerprint';
const fingerprintOf = (octets: (data: Uint8Array) => Uint8Array, when: (input: Input) => boolean = () => true): Bend =>
  bendResult(fingerprint, (result, input) =>
    when(input) ? { fingerprint: write(sha512(octets(inputOctets(input)))) } : result,
  );

const fingerprintFaults: readonly Fault[] = [
  {
    id: 'signet/fingerprint-over-the-whole',
    breaks: 'SIG-064',
    title: 'makes every fingerprint of all fields',
    operations: fingerprintOf((data) => data.subarray(5)),
  },
  {
    id: 'signet/no-fingerprints-of-requests',
    breaks: 'SIG-066',
    title: 'has no fingerprints of signing requests',
    operations: refuseInput(fingerprint, ({ kind }) => kind === 'signing-request'),
  },
  {
    id: 'signet/fingerprint-with-header',
    breaks: 'SIG-095',
    title: 'makes fingerprints of profile prime with the header',
    operations: fingerprintOf((data) => data, isPrime),
  },
  {
    id: 'signet/fingerprint-without-signature',
    breaks: 'SIG-096',
    title: 'leaves the last signature out of fingerprints',
    operations: fingerprintOf((data) => data.subarray(5, -65)),
  },
];

const primeFaults: readonly Fault[] = [
  {
    id: 'signet/one-length-octet-above-160',
    breaks: 'SIG-087',
    title: 'reads the fields 160 to 250 of prime with one length octet',
    operations: refuses(
      (input) => isPrime(input) && readInput(input)?.fields.some(({ id }) => id >= 160 && id <= 250) === true,
    ),
  },
  {
    id: 'signet/self-signature-not-read',
    breaks: 'SIG-089',
    title: 'does not verify self-signatures of prime on reading',
    operations: takes((input) => isPrime(input) && readInput(input)?.stopped === null),
  },
  {
    id: 'signet/field-6-not-checked',
    breaks: 'SIG-090',
    title: 'does not check a user signet of prime with its organization',
    operations: changeInput(validate, (input) => {
      const { organization: _dropped, ...rest } = input;
      return isPrime(input) ? rest : input;
    }),
  },
  {
    id: 'signet/custody-demanded-in-prime',
    breaks: 'SIG-091',
    title: 'demands field 4 in a signing request of prime (OQ-36)',
    operations: refuses((input) => isPrime(input) && isKind(input, 'signing-request') && !hasField(input, 4)),
  },
  {
    id: 'signet/any-order-in-prime',
    breaks: 'SIG-092',
    title: 'takes the first of each field of prime, in any order (OQ-37)',
    operations: changeInput(parse, (input) => {
      const loose = readInput(input);
      if (!isPrime(input) || loose === null) return input;
      const ids = [...new Set(loose.fields.map(({ id }) => id))].sort((left, right) => left - right);
      const fields = ids.map((id) => ({ id, data: firstData(loose, id) }));
      const data = objectOf(magics[loose.kind], fieldsOctets(loose.profile, loose.kind, fields));
      return loose.stopped === null ? { ...input, data: write(data) } : input;
    }),
  },
];

export const readingFaults: readonly Fault[] = [
  ...layoutFaults,
  ...dialectFaults,
  ...validationFaults,
  ...fingerprintFaults,
  ...primeFaults,
];
