import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { provenNsec } from './chain.js';
import { zoneKey } from './data.js';
import { nsecDeniesName } from './denial.js';
import { defaultValidationLimits } from './limits.js';
import { types } from './message.js';
import { type Costs, judgeSet, setOf } from './record-set.js';
import { recordsOf, replyOf, secondsOf } from './zone-lines.test-support.js';

const { wildcard, denials } = JSON.parse(
  readFileSync(new URL('../../../fixtures/dnssec-rfc.json', import.meta.url), 'utf8'),
) as {
  readonly wildcard: { readonly answer: readonly string[]; readonly authority: readonly string[] };
  readonly denials: { readonly key: string; readonly time: string };
};
const keys = recordsOf([denials.key]).flatMap((record) => zoneKey(record) ?? []);
const zone = { name: 'example', keys };
const costs = (limits = defaultValidationLimits): Costs => ({
  limits,
  now: secondsOf(denials.time),
  signatureChecks: 0,
});
const name = 'a.z.w.example';
const set = setOf(recordsOf(wildcard.answer), name, types.MX);
if (set === null) throw new Error('the fixture has no set');

describe('a set', () => {
  it('from a wildcard holds under the name of the wildcard, and needs proof that the name is not there', () => {
    // RFC 4035 appendix B.6.
    expect(judgeSet(set, zone, costs())).toEqual({ holds: true, wildcardLabels: 2, ttl: 3600 });
    const reply = replyOf(`${name}.`, 'MX', types.MX, { authority: wildcard.authority });
    const nsec = provenNsec(reply, zone, costs());
    expect(nsecDeniesName(nsec, name, 2)).toBe(true);
    // Names below w.example are denied; below z.w.example or example the record denies nothing of the kind.
    expect(nsecDeniesName(nsec, name, 3)).toBe(false);
    expect(nsecDeniesName(nsec, name, 1)).toBe(false);
    expect(nsecDeniesName(nsec, 'x.y.w.example', 2)).toBe(false);
  });

  it('is kept no longer than its signature holds', () => {
    const [signature] = set.signatures;
    const late = { ...costs(), now: (signature?.expiration ?? 0) - 10 };
    expect(judgeSet(set, zone, late)).toMatchObject({ holds: true, ttl: 10 });
  });

  it('of another zone is not judged', () => {
    expect(judgeSet({ ...set, name: 'a.test' }, zone, costs())).toMatchObject({
      why: 'MX of a.test is not in the zone example',
    });
  });

  it('costs a bounded number of checks, however many keys have one tag and however many signatures there are', () => {
    const [key] = keys;
    const [signature] = set.signatures;
    if (key === undefined || signature === undefined) throw new Error('the fixture has no key or no signature');
    const wrong = { ...signature, signature: Buffer.alloc(signature.signature.length, 1) };
    const crowd = { name: 'example', keys: Array.from({ length: 500 }, () => key) };
    const many = { ...set, signatures: Array.from({ length: 200 }, () => wrong) };
    const { keysOfOneTag, signaturesOfOneSet } = defaultValidationLimits;
    const spent = costs();
    expect(judgeSet(many, crowd, spent).holds).toBe(false);
    expect(spent.signatureChecks).toBe(keysOfOneTag * signaturesOfOneSet);
    const few = costs({ ...defaultValidationLimits, signatureChecks: 5 });
    expect(judgeSet(many, crowd, few)).toMatchObject({ why: expect.stringContaining('cost 5 checks') });
    expect(few.signatureChecks).toBe(5);
  });
});
