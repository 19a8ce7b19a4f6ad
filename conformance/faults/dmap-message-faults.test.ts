import { describe, expect, it } from 'vitest';
import { messageCases } from '../cases/dmap-server/messages.js';
import { dmapSyncCases } from '../cases/dmap-sync/index.js';
import { judge } from '../cases/record/codec-target.js';
import { openEmbedded } from '../target/embedded.js';
import { faults as messageFaults } from './dmap-message-faults.js';
import { faults as syncFaults } from './dmap-sync-faults.js';

const cases = [...messageCases, ...dmapSyncCases];
/** One in forty; the selftest tries all. */
const some = [...messageFaults, ...syncFaults].filter((_, at) => at % 40 === 0);

describe('a faulty server', () => {
  it.each(some.map((fault) => [fault.id, fault] as const))('%s is caught', async (_, fault) => {
    const target = await openEmbedded({ version: '0.0.0', hooks: fault.freshHooks?.() ?? fault.hooks ?? {} });
    const broken: (string | undefined)[] = [];
    for (const subject of cases.filter(({ decides }) => decides.includes(fault.breaks))) {
      broken.push((await judge(subject, target)).failure?.requirement);
    }
    await target.close();
    expect(broken).toContain(fault.breaks);
  });
});
