import { faults } from '../../faults/dmap-client-faults.js';
import { connectOperations } from '../../target/adapter/client.js';
import { dmapRunOperations } from '../../target/adapter/dmap-run-operation.js';
import type { Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { testCodecClass } from '../codec-class.test-support.js';
import { noServer } from '../record/codec-target.js';
import { dmapClientCases } from './index.js';

async function open(given: Operations): Promise<Target> {
  const identity = { name: 'DMAP client', version: '1', language: 'TypeScript', profiles: [], stacie: ['03'] };
  const adapter = await connectOperations(given, identity);
  const profile = { ...noServer, claims: ['dmap-client'] };
  return { profile, adapter, adapterCommand: null, endpoints: [], close: () => adapter.close() };
}

const mailbox = { name: 'INBOX', readOnly: false, exists: 3, flags: ['\\Seen'], uidValidity: 7, uidNext: 4 };

testCodecClass({
  cases: dmapClientCases,
  faults,
  operations: dmapRunOperations,
  open,
  answers: {
    'dmap.run': ({ steps }) => ({
      steps: (steps as readonly object[]).map((step) => ({ ...step, status: 'ok', state: 'selected', mailbox })),
    }),
  },
  ids: /^dmap-client\/[a-z0-9-]+\/[a-z0-9-]+$/,
  half: true,
  runs: { right: 1, faulty: 8, same: 1 },
  together: true,
});
