/** Seeded faults of what validates signets and makes fingerprints, and of what is checked on reading in profile prime. */
import { fieldsOctets, type Kind, magics, objectOf, sha512, verifies } from '../model/signet-builder.js';
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
  otherState,
  profileOf,
  readInput,
} from './signet-bending.js';
import { changeInput, forgiveRefusal, octetsOrNull, refuseInput, write } from './stacie-bending.js';

const parse = 'signet.parse';

const validate = 'signet.validate';

/** Takes what the reference refuses, and says that there is nothing in it. */
const takes = (when: (input: Input) => boolean): Bend =>
  forgiveRefusal(parse, when, (input) => ({ type: kindOf(inputOctets(input)) ?? 'organization', fields: [] }));

const refuses = (when: (input: Input) => boolean): Bend => refuseInput(parse, when);

const isKind = (input: Input, kind: Kind): boolean => kindOf(inputOctets(input)) === kind;

const isPrime = (input: Input): boolean => profileOf(input) === 'prime';

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

export const validationAndPrimeFaults: readonly Fault[] = [...validationFaults, ...fingerprintFaults, ...primeFaults];
