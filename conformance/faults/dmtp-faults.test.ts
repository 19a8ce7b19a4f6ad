/** A few of the seeded faults of a DMTP server, one of each way to bend it; the selftest tries all. */
import { describe, expect, it } from 'vitest';
import { allCases } from '../cases/index.js';
import { judge } from '../cases/record/codec-target.js';
import { openEmbedded } from '../target/embedded.js';
import { faults as dualModeFaults } from './dmtp-dual-mode-faults.js';
import { faults as mailFaults } from './dmtp-mail-faults.js';
import { faults as signetFaults } from './dmtp-signet-faults.js';

const faults = [...dualModeFaults, ...mailFaults, ...signetFaults];

describe('a faulty server', () => {
  it.each([
    ['dmtp-signet/update-to-the-next', 'dmtp-signet/vrfy/current-or-update', 1],
    ['dmtp-dual-mode/injected-text-carried-out', 'dmtp-dual-mode/starttls/injected-text-thrown-away', 12],
    ['dmtp-dual-mode/failed-handshake-answered', 'dmtp-dual-mode/starttls/handshake-fails', 1],
    ['dmtp/any-signature-taken', 'dmtp/mail/not-signed-by-its-origin', 12],
    ['dmtp/line-end-not-awaited', 'dmtp/mail/broken-off-is-not-stored', 8],
  ])('%s is caught by %s', async (id, caseId, runs) => {
    const fault = faults.find((each) => each.id === id);
    const subject = allCases.find((each) => each.id === caseId);
    if (fault === undefined || subject === undefined) throw new Error('no such fault or case');
    const { flavour, plainFront } = fault;
    const target = await openEmbedded({
      version: '0.0.0',
      hooks: fault.freshHooks?.() ?? fault.hooks ?? {},
      ...flavour,
      ...(plainFront === undefined ? {} : { plainFront }),
    });
    const { failure } = await judge(subject, target, runs);
    await target.close();
    expect(failure?.requirement).toBe(fault.breaks);
  });
});
