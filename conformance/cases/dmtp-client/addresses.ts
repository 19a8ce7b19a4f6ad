/** What a client makes of the addresses of a host, and of a record whose proof failed (sections 5.2 and 6.1 of the record digest). */
import fc from 'fast-check';
import type { DnsConduct } from '../../target/mock-dns.js';
import { startSilentDoor } from '../../target/silent-door.js';
import type { Case } from '../case.js';
import { clientCase, fate, finds, mustFind, mustRefuse } from './client-case.js';
import { addressOf, host } from './host-plans.js';
import { type Plan, Stage } from './stage.js';

const everyAddress = clientCase({
  id: 'dmtp-client/hosts/every-address',
  title: 'Every address of a host is tried, of both families, until one is right.',
  decides: ['REC-061'],
  mostRuns: 3,
  given: fc.record({
    dead: fc.integer({ min: 1, max: 3 }),
    failure: fc.constantFrom<'closed port' | 'bad greeting'>('closed port', 'bad greeting'),
  }),
  async check({ dead, failure }, context) {
    const others = Array.from({ length: dead }, (_, at) => addressOf(at));
    const wrong = failure === 'closed port' ? [] : others;
    for (const right of [addressOf(dead), '::1']) {
      const stage = await Stage.set(context, {
        hosts: [
          {
            label: 'dx1',
            addresses: [...others, right],
            doors: [
              { port: 26, at: right },
              ...wrong.map((at) => ({ port: 26 as const, at, rules: { greeting: '554 NOT HERE\r\n' } })),
            ],
          },
        ],
      });
      const what = `${dead} addresses with a ${failure}, and the right one ${right}`;
      mustFind(context, 'REC-061', stage, await stage.lookup(), what);
    }
  },
});

/** Five seconds, and what a busy machine adds. */
const attemptMs = 8_000;

const silentAddress = clientCase({
  id: 'dmtp-client/hosts/address-that-does-not-answer',
  title: 'An address that does not answer is given up after about 5 seconds, and the next one is tried.',
  decides: ['REC-061'],
  mostRuns: 1,
  given: fc.constant(null),
  async check(_, context) {
    const stage = await Stage.set(context, {
      hosts: [{ label: 'dx1', addresses: [addressOf(2), addressOf(0)], doors: [{ port: 26, at: addressOf(0) }] }],
    });
    context.keep(await startSilentDoor(addressOf(2), stage.hostile.ports[26]));
    const began = performance.now();
    const answer = stage.lookup();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, attemptMs, null);
    });
    const first = await Promise.race([answer, late]).finally(() => clearTimeout(timer));
    const what = 'an address that does not answer, and a right one';
    if (first === null) {
      // What becomes of it does not count any more.
      answer.catch(() => undefined);
      context.require('REC-061', false, `${what}: the right one to be used within ${attemptMs} ms`, 'it was not');
      return;
    }
    mustFind(context, 'REC-061', stage, first, what);
    context.note(`REC-061: ${Math.round(performance.now() - began)} ms with an address that does not answer`);
  },
});

const bogus: Readonly<Record<string, DnsConduct>> = {
  unsigned: { kind: 'unsigned' },
  expired: { kind: 'expired' },
  'not yet valid': { kind: 'not-yet-valid' },
  'signed by a key that is not in the zone': { kind: 'wrong-key' },
  'with a broken signature': { kind: 'broken-signature' },
};

const proofFailed = clientCase({
  id: 'dmtp-client/hosts/no-connection-when-the-proof-failed',
  title: 'When the DNSSEC proof of the record failed, no host of the domain is connected to.',
  decides: ['REC-046'],
  mostRuns: 4,
  given: fc.constantFrom(...Object.keys(bogus), 'with a DS record of no key'),
  async check(how, context) {
    const everywhere: Partial<Plan> = {
      hosts: [host('dx1', 0, null), host('mx1', 1, null, [26, 25, 587]), host('', 2, null)],
      mx: [{ label: 'mx1', preference: 1 }],
    };
    await finds(context, 'REC-046', everywhere, 'a proven record');
    const stage = await Stage.set(context, {
      ...everywhere,
      bend: (dns, domain) => {
        const conduct = bogus[how];
        if (conduct === undefined) dns.delegate(domain, 'wrong-ds');
        else dns.state(`_dx.${domain}`, conduct);
      },
    });
    const answer = await stage.lookup();
    context.require('REC-046', stage.connections.length === 0, `a record ${how}: no connection`, fate(stage, answer));
    mustRefuse(context, 'REC-046', stage, answer, `a record ${how}`);
    const asked = stage.dns.queries().some(({ name }) => name?.toLowerCase() === `_dx.${stage.domain}`);
    context.require('REC-046', asked, 'the record to be asked for', `${stage.dns.queries().length} other questions`);
  },
});

export const cases: readonly Case[] = [proofFailed, everyAddress, silentAddress];
