import { expect, it } from 'vitest';
import { ownNames } from './session.js';

it('removes after a case what the case made, whatever a server lists, the lowest first', () => {
  const listed = [
    'INBOX',
    'suite-1',
    'suite-1/below/deep',
    'suite-1/below',
    'suite',
    'Sent/suite-1',
    'suite-1-renamed',
  ];
  expect(ownNames('suite-1', listed)).toEqual(['suite-1/below/deep', 'suite-1/below', 'suite-1-renamed', 'suite-1']);
  expect(ownNames('suite-1', [])).toEqual(['suite-1']);
});
