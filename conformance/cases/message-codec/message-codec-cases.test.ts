import { expect, test } from 'vitest';
import { faults } from '../../faults/message-codec-faults.js';
import { messageOperations } from '../../target/adapter/message-operations.js';
import { testCodecClass, withCodecs } from '../codec-class.test-support.js';
import { judge, verdict } from '../record/codec-target.js';
import { messageCodecCases } from './index.js';

testCodecClass({
  cases: messageCodecCases,
  faults,
  operations: messageOperations,
  answers: {
    'message.parse': () => ({ kind: 'encrypted', chunks: [] }),
    'message.encrypt': () => ({ message: 'BzcAAAAA' }),
    'message.decrypt': () => ({ verified: {} }),
  },
  options: ['message/layout/tracing-before-the-header', 'message/signatures/tree-as-libdime-makes-it'],
  ids: /^message\/[a-z0-9-]+\/[a-z0-9-]+$/,
  half: true,
  runs: { right: 1, faulty: 5, same: 1 },
});

test('an adapter that does not name the profile is not asked', async () => {
  const [subject] = messageCodecCases;
  if (subject === undefined) throw new Error('there are cases');
  await withCodecs(messageOperations, async (target) => {
    if (target.adapter === null) throw new Error('there is an adapter');
    const adapter = Object.create(target.adapter, {
      hello: { value: { ...target.adapter.hello, profiles: ['dime-2015-magma'] } },
    });
    const outcome = await judge(subject, { ...target, adapter }, 1);
    expect(verdict(outcome)).toMatch(/does not name the profile dime-2015/);
  });
});
