/** How long salts and nonces are. Each row is looked at by itself, since one length can break several. */
import type { Octets } from '../../model/stacie-derivation.js';
import type { Case } from '../case.js';
import { shown } from './messages.js';
import { serverCase } from './server-case.js';

interface LengthRow {
  readonly id: string;
  readonly title: string;
  readonly row: string;
  readonly of: 'salt' | 'nonce';
  readonly revision?: '00' | '03';
  readonly right: (octets: number) => boolean;
  readonly expected: string;
}

const inSteps = (octets: number): boolean => octets <= 64 || octets % 32 === 0;

const rows: readonly LengthRow[] = [
  {
    id: 'salt-of-1024-at-most',
    title: 'A salt has 1,024 octets at most.',
    row: 'STACIE-023',
    of: 'salt',
    right: (octets) => octets <= 1024,
    expected: '1,024 octets at most',
  },
  {
    id: 'salt-of-128',
    title: 'A salt has 128 octets.',
    row: 'STACIE-024',
    of: 'salt',
    revision: '03',
    right: (octets) => octets === 128,
    expected: '128 octets',
  },
  {
    id: 'salt-in-steps-00',
    title: 'A salt of more than 64 octets has a multiple of 32, in revision 00.',
    row: 'STACIE-025',
    of: 'salt',
    revision: '00',
    right: inSteps,
    expected: 'a multiple of 32 octets',
  },
  {
    id: 'salt-in-steps-03',
    title: 'A salt has a multiple of 32 octets, in revision 03.',
    row: 'STACIE-026',
    of: 'salt',
    revision: '03',
    right: (octets) => octets % 32 === 0,
    expected: 'a multiple of 32 octets',
  },
  {
    id: 'salt-of-64-at-least',
    title: 'A salt has 64 octets at least, and more in steps of 32.',
    row: 'STACIE-157',
    of: 'salt',
    right: (octets) => octets >= 64 && inSteps(octets),
    expected: '64 octets at least, and a multiple of 32',
  },
  {
    id: 'nonce-of-1024-at-most',
    title: 'A nonce has 1,024 octets at most.',
    row: 'STACIE-028',
    of: 'nonce',
    right: (octets) => octets <= 1024,
    expected: '1,024 octets at most',
  },
  {
    id: 'nonce-of-128',
    title: 'A nonce has 128 octets.',
    row: 'STACIE-029',
    of: 'nonce',
    revision: '03',
    right: (octets) => octets === 128,
    expected: '128 octets',
  },
  {
    id: 'nonce-in-steps-00',
    title: 'A nonce of more than 64 octets has a multiple of 32, in revision 00.',
    row: 'STACIE-030',
    of: 'nonce',
    revision: '00',
    right: inSteps,
    expected: 'a multiple of 32 octets',
  },
  {
    id: 'nonce-in-steps-03',
    title: 'A nonce has a multiple of 32 octets, in revision 03.',
    row: 'STACIE-031',
    of: 'nonce',
    revision: '03',
    right: (octets) => octets % 32 === 0,
    expected: 'a multiple of 32 octets',
  },
];

export const cases: readonly Case[] = rows.map(({ id, title, row, of, revision, right, expected }) =>
  serverCase({
    id: `stacie-server/lengths/${id}`,
    title,
    decides: [row],
    ...(revision === undefined ? {} : { revision }),
    mostRuns: 3,
    async check(server, _, context) {
      for (const username of [(await server.account()).username, server.freshName()]) {
        const { answer, ...offer } = await server.login(username);
        const octets: Octets | null = offer[of];
        // An account without a salt has none of a wrong length.
        context.require(
          row,
          octets === null || right(octets.length),
          `a ${of} of ${expected}`,
          () => `${octets?.length} octets in ${shown(answer)}`,
        );
      }
    },
  }),
);
