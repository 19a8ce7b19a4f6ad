/** Seeded faults of a DMAP server: delivery options of SUBMIT. */
import { bendSessionOptions, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import { afterCode, pending, submit } from './dmap-submission-bending.js';
import type { Fault } from './fault.js';

const withoutOptions = (line: string): string => line.replace(/ \(.*\)\r\n$/, '\r\n');

export const faults: readonly Fault[] = [
  {
    id: 'dmap-submission/does-not-read-options',
    breaks: 'DMAP-368',
    title: 'announces options and follows none',
    hooks: bendSessionOptions((right) => ({
      ...right,
      deliveryOptions: new Map(
        [...(right.deliveryOptions ?? [])].map(([name, policy]) => [name, { ...policy, refusal: () => null }]),
      ),
    })),
  },
  {
    id: 'dmap-submission/ignores-unknown-options',
    breaks: 'DMAP-369',
    title: 'ignores options that it does not know',
    hooks: replaceCommand(/ SUBMIT .*XSUITE/i, withoutOptions),
  },
  {
    id: 'dmap-submission/no-to-unknown-options',
    breaks: 'DMAP-369',
    title: 'answers an unknown option with NO',
    hooks: replaceResponse(/^\S+ BAD /, (response) => response.replace(' BAD ', ' NO '), submit),
  },
  {
    id: 'dmap-submission/denied-without-code',
    breaks: 'DMAP-370',
    title: 'leaves POLICYDENIED out of its NO',
    hooks: replaceResponse(/\[POLICYDENIED\]/, (response) => response.replace('[POLICYDENIED] ', '')),
  },
  {
    id: 'dmap-submission/denied-goes-out',
    breaks: 'DMAP-371',
    title: 'submits the message whose option it denied',
    hooks: afterCode('POLICYDENIED', (line) => withoutOptions(line).replace(dmapTag(line), 'zz')),
  },
  {
    id: 'dmap-submission/denied-is-not-pending',
    breaks: 'DMAP-372',
    title: 'takes \\SubmitPending off a message whose option it denied',
    hooks: afterCode('POLICYDENIED', () => `zz STORE 1 -FLAGS.SILENT (${pending})\r\n`),
  },
];
