import { expect, test } from 'vitest';
import { faults } from '../../faults/stacie-derivation-faults.js';
import { stacieOperations } from '../../target/adapter/stacie-operations.js';
import { testCodecClass, withCodecs } from '../codec-class.test-support.js';
import { judge } from '../record/codec-target.js';
import { stacieDerivationCases } from './index.js';

const key = Buffer.alloc(64).toString('base64url');

testCodecClass({
  cases: stacieDerivationCases,
  faults,
  operations: stacieOperations,
  answers: {
    'stacie.rounds': () => ({ rounds: 8 }),
    'stacie.derive': () => ({
      rounds: 8,
      seed: key,
      masterKey: key,
      passwordKey: key,
      verificationToken: key,
      ephemeralLoginToken: key,
    }),
    'stacie.realm': () => ({ vectorKey: key, tagKey: key, cipherKey: key }),
    'stacie.encrypt': () => ({ envelope: key }),
    'stacie.decrypt': () => ({ serial: 0, data: key }),
    'stacie.shard-rotate': () => ({ newShard: key }),
  },
  // A bonus over 1,024 may be refused.
  options: ['stacie/rounds/bonus-over-1024'],
  ids: /^stacie\/[a-z0-9-]+\/[a-z0-9-]+$/,
  half: true,
  runs: { right: 6, faulty: 12, same: 5 },
  // The model needs seconds for 65,536 rounds.
  slow: ['stacie/key-counter-in-2-octets'],
});

test('a wrong value is told with the slip that gives it', async () => {
  const fault = faults.find(({ id }) => id === 'stacie/key-counter-reversed');
  const subject = stacieDerivationCases.find(({ decides }) => decides.includes('STACIE-078'));
  if (fault?.operations === undefined || subject === undefined) throw new Error('the fault and its case are there');
  const outcome = await withCodecs(fault.operations(stacieOperations), (target) => judge(subject, target));
  expect(outcome.failure?.actual).toMatch(/, as when one counts a key with the least octet first \(STACIE-078\)$/);
});
