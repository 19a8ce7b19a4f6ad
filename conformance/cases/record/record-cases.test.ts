import { faults } from '../../faults/record-faults.js';
import { faults as publisherFaults } from '../../faults/record-publisher-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { testCodecClass } from '../codec-class.test-support.js';
import { recordCases } from './index.js';

testCodecClass({
  cases: recordCases.filter(({ needs }) => needs.includes('adapter')),
  faults: [...faults, ...publisherFaults].filter(({ operations }) => operations !== undefined),
  operations: referenceOperations,
  answers: {
    'record.parse': () => ({
      version: 1,
      primary: [],
      tls: [],
      policy: 'strict',
      deliver: [],
      expiry: 0,
      subdomain: 'strict',
    }),
    'record.format': () => ({ text: '' }),
  },
  // A repeated key may be refused, so that a refusal is right there.
  options: ['record/values/last-of-repeated-values'],
  ids: /^record\/[a-z]+\/[a-z0-9-]+$/,
  runs: { right: 12, faulty: 12, same: 5 },
});
