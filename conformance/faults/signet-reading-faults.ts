/** Seeded faults of a reader of signets: what it takes and should not, and the other way round. */
import type { Kind } from '../model/signet-builder.js';
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
  magicOf,
  otherState,
  profileOf,
  readInput,
} from './signet-bending.js';
import { changeInput, forgiveRefusal, octetsOf, refuseInput, write } from './stacie-bending.js';

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

export const readingFaults: readonly Fault[] = [...layoutFaults, ...dialectFaults];
