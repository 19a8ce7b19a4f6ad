import { faults } from '../../faults/dmtp-codec-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { testCodecClass } from '../codec-class.test-support.js';
import { dmtpCodecCases } from './index.js';

testCodecClass({
  cases: dmtpCodecCases,
  faults,
  operations: referenceOperations,
  answers: {
    'dmtp.command.parse': () => ({ verb: 'QUIT', arguments: {} }),
    'dmtp.command.format': () => ({ line: 'QUIT\r\n' }),
  },
  ids: /^dmtp-codec\/[a-z]+\/[a-z0-9-]+$/,
  runs: { right: 12, faulty: 12, same: 5 },
});
