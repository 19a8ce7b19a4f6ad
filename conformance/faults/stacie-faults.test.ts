/** A few of the seeded faults, one of each kind; the selftest tries all. */
import { describe, expect, it } from 'vitest';
import { judge, noServer, openCodecs, verdict } from '../cases/record/codec-target.js';
import { stacieClientCases } from '../cases/stacie-client/index.js';
import { stacieServerCases } from '../cases/stacie-server/index.js';
import { openEmbedded } from '../target/embedded.js';
import type { Target } from '../target/target.js';
import { faults as clientFaults } from './stacie-client-faults.js';
import { faults as serverFaults } from './stacie-server-faults.js';
import { type LoginInput, smallClient } from './stacie-small-client.js';

const profile = { ...noServer, claims: ['stacie-client'] };

async function smallTarget(): Promise<Target> {
  const login = smallClient({});
  return { ...(await openCodecs({ 'stacie.login': (input) => login(input as unknown as LoginInput) })), profile };
}

describe('a faulty server', () => {
  it.each([
    ['stacie-server/writes-padding', 'stacie-server/requests/written-no-padding'],
    ['stacie-server/takes-any-token', 'stacie-server/tokens/wrong-ones-fail'],
    ['stacie-server/certificate-ended', 'stacie-server/tls/valid-certificate'],
  ])('%s is caught by %s', async (id, caseId) => {
    const fault = serverFaults.find((each) => each.id === id);
    const subject = stacieServerCases.find((each) => each.id === caseId);
    if (fault === undefined || subject === undefined) throw new Error('no such fault or case');
    const target = await openEmbedded({ version: '0.0.0', hooks: fault.freshHooks?.() ?? fault.hooks ?? {} });
    const { failure } = await judge(subject, target);
    await target.close();
    expect(failure?.requirement).toBe(fault.breaks);
  });
});

describe('the small client', () => {
  // Its derivation is slow, so that hiding its time is not for it.
  const quick = stacieClientCases.filter(({ alone }) => alone !== true);

  it('is a right client', async () => {
    const target = await smallTarget();
    const wrong: (string | null)[] = [];
    for (const subject of quick) wrong.push(verdict(await judge(subject, target, 1)));
    await target.close();
    expect(wrong.filter((said) => said !== null)).toEqual([]);
  });

  it.each([
    ['stacie-client/takes-short-salts', 'stacie-client/answers/short-salt'],
    ['stacie-client/believes-every-certificate', 'stacie-client/tls/certificate-validated'],
  ])('with one rule replaced, %s, is caught by %s', async (id, caseId) => {
    const fault = clientFaults.find((each) => each.id === id);
    const subject = stacieClientCases.find((each) => each.id === caseId);
    if (fault?.operations === undefined || subject === undefined) throw new Error('no such fault or case');
    const target = { ...(await openCodecs(fault.operations({}))), profile };
    const { failure } = await judge(subject, target, 4);
    await target.close();
    expect(failure?.requirement).toBe(fault.breaks);
  });
});
