/** Signets: validation against the bare verifications that it needs, and the reading of one with many fields. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parseSignet, validateOctets } from '../../reference/formats/signet/index.js';
import {
  encryptionKey,
  type Field,
  fieldsOctets,
  type Identity,
  type Octets,
  organizationFields,
  sha512,
  signetOctets,
  signingKey,
  userFields,
  utf8,
} from '../model/signet-builder.js';
import type { Figure } from './figures.js';
import { compare, type Effort, inProcess, median } from './rounds.js';

const profile = 'dime-2015';
const fieldCount = 200;

/** Signets are made by the model, so that a slip of the codec is not measured against itself. */
export async function signetBenchmarks({ rounds, sliceMs }: Effort): Promise<Figure[]> {
  const organization = identity('organization');
  const user = identity('user');
  const organizationOctets = signetOctets(profile, 'organization', organizationFields(profile, organization));
  const fields = userFields(profile, user, {
    signer: organization.signing,
    form: 'identifiable',
    details: [
      { id: 16, data: utf8('Ann Example') },
      { id: 160, data: utf8('https://example.com/ann') },
    ],
    identifier: 'ann@example.com',
  });
  const octets = signetOctets(profile, 'user', fields);
  const validate = (): number => {
    const { state, reason } = validateOctets(profile, octets, { organization: organizationOctets });
    if (state !== 'identifiable') throw new Error(`the signet is ${state}: ${reason ?? ''}`);
    return 1;
  };
  const needed = verificationsOf(fields);
  const withKeys = () => {
    const keys = { user: keyOf(user.signing.publicKey), organization: keyOf(organization.signing.publicKey) };
    return needed.map(({ by, ...each }) => ({ ...each, key: keys[by] }));
  };
  const ready = withKeys();
  const facts = { unit: '/s', ours: inProcess(validate) };
  return [
    ...(await compare(
      [
        {
          ...facts,
          name: 'validate an identifiable signet : its verifications',
          goal: { of: 'ratio', bound: 'at least', value: 0.7 },
          other: inProcess(() => verifyEach(withKeys())),
          remark: `octets to state; the other side makes both keys from raw octets and does the ${needed.length} verifications`,
        },
        {
          ...facts,
          name: 'validate an identifiable signet : with ready keys',
          goal: null,
          other: inProcess(() => verifyEach(ready)),
        },
      ],
      rounds,
      sliceMs,
    )),
    await parseFigure(rounds, sliceMs),
  ];
}

interface Verification {
  readonly by: 'user' | 'organization';
  readonly signed: Octets;
  readonly signature: Octets;
}

/** Fields 5 (by the user), 6, 253 and 255 (by the organization), each over the fields before it. */
function verificationsOf(fields: readonly Field[]): Verification[] {
  return [5, 6, 253, 255].map((id) => ({
    by: id === 5 ? 'user' : 'organization',
    signed: fieldsOctets(
      profile,
      'user',
      fields.filter((field) => field.id < id),
    ),
    signature: fields.find((field) => field.id === id)?.data ?? new Uint8Array(0),
  }));
}

function verifyEach(all: readonly (Omit<Verification, 'by'> & { readonly key: KeyObject })[]): number {
  for (const { signed, key, signature } of all) {
    if (!verify(null, signed, key, signature)) throw new Error('a signature of the benchmark does not hold');
  }
  return 1;
}

function keyOf(raw: Octets): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Keys follow from a text: every run measures the same signet. */
function identity(text: string): Identity {
  return {
    signing: signingKey(sha512(utf8(`${text} signing`)).subarray(0, 32)),
    encryption: encryptionKey(sha512(utf8(`${text} encryption`)).subarray(0, 32)),
  };
}

/** Reads the octets, and then every field of them. */
async function parseFigure(rounds: number, sliceMs: number): Promise<Figure> {
  const phones = Array.from({ length: fieldCount - 5 }, (_, at) => ({ id: 21, data: utf8(`+1 555 ${1000 + at}`) }));
  const fields = organizationFields(profile, identity('organization'), {
    form: 'full',
    details: [{ id: 16, data: utf8('Example') }, ...phones],
  });
  const octets = signetOctets(profile, 'organization', fields);
  const measure = inProcess(() => {
    let data = 0;
    let count = 0;
    for (const field of parseSignet(profile, octets).fields) {
      data += field.data.length;
      count += 1;
    }
    if (count !== fields.length || data === 0) throw new Error(`${count} fields were read instead of ${fields.length}`);
    return 1;
  });
  const rates: number[] = [];
  await measure(sliceMs);
  for (let round = 0; round < rounds; round++) rates.push(await measure(sliceMs));
  return {
    name: `parse a signet of ${fields.length} fields`,
    unit: '/s',
    ours: median(rates),
    other: null,
    ratio: null,
    goal: { of: 'ours', bound: 'at least', value: 20_000 },
    remark: `${octets.length} octets, every field read, no signature verified`,
  };
}
