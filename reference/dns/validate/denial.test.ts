import { describe, expect, it } from 'vitest';
import { nsecOf } from './data.js';
import { denialByNsec } from './denial.js';
import { types } from './message.js';
import { recordsOf } from './zone-lines.test-support.js';

const denied = (name: string, type: keyof typeof types, ...lines: readonly string[]): string =>
  denialByNsec(
    recordsOf(lines).flatMap((record) => nsecOf(record) ?? []),
    name,
    types[type],
  ).kind;

describe('NSEC', () => {
  const apex = 'example. 60 NSEC a.example. NS SOA RRSIG NSEC DNSKEY';
  const cut = 'b.example. 60 NSEC d.example. NS RRSIG NSEC';
  const last = 'z.example. 60 NSEC example. A RRSIG NSEC';

  it.each<[string, string, keyof typeof types, string[], string]>([
    ['a delegation says nothing about names below it', 'x.b.example', 'A', [apex, cut], 'unproven'],
    [
      'a delegation says nothing about the names below it, but for those beside it',
      'c.example',
      'A',
      [apex, cut],
      'no-name',
    ],
    ['the last one leads back to the apex', 'zz.example', 'A', [apex, last], 'no-name'],
    ['the last one says nothing about other zones', 'a.zz', 'A', [apex, last], 'unproven'],
    ['without the wildcard denied the name may be made from it', 'c.example', 'A', [cut], 'unproven'],
    ['a name with names below it is there', 'x.example', 'A', ['e.example. 60 NSEC y.x.example. A'], 'no-data'],
    ['the apex of the child may not deny DS', 'example', 'DS', [apex], 'unproven'],
    ['an alias may have everything', 'a.example', 'A', ['a.example. 60 NSEC b.example. CNAME RRSIG NSEC'], 'unproven'],
    [
      'an alias of all names below it says nothing about them',
      'x.a.example',
      'A',
      [apex, 'a.example. 60 NSEC b.example. DNAME'],
      'unproven',
    ],
  ])('%s', (_, name, type, lines, kind) => {
    expect(denied(name, type, ...lines)).toBe(kind);
  });

  it('of the root may deny DS, since nobody stands above it', () => {
    expect(denied('', 'DS', '. 60 NSEC a. NS SOA RRSIG NSEC DNSKEY')).toBe('no-data');
  });
});
