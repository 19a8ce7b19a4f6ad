/** Which hosts are connected to, in which order, and which never (section 6 of the management record digest). */
import fc from 'fast-check';
import type { StandardPort } from '../../target/hostile-dmtp.js';
import type { Case } from '../case.js';
import { clientCase, each, fate, finds, mustFind, mustRefuse } from './client-case.js';
import { addressOf, type Failure, host } from './host-plans.js';
import { type HostPlan, Stage } from './stage.js';

const failures = fc.constantFrom<Failure>('closed port', 'bad greeting', 'reset', 'close', 'no TLS', 'no address');
const reachable = (failure: Failure): boolean => failure !== 'closed port' && failure !== 'no address';
/** Where a client went, each place once in a row: it may knock again. */
const places = (stage: Stage): string[] => stage.visited.filter((place, at, all) => place !== all[at - 1]);

const dxOrder = clientCase({
  id: 'dmtp-client/hosts/dx-in-the-order-of-the-record',
  title:
    'The dx hosts are tried in the order of the record on port 26 with TLS from the first octet, until one is right.',
  decides: ['REC-055'],
  mostRuns: 5,
  given: fc.record({
    before: fc.array(failures, { maxLength: 3 }),
    labels: fc.shuffledSubarray(['a', 'm', 'x', 'z'], { minLength: 4, maxLength: 4 }),
  }),
  async check({ before, labels }, context) {
    const failing = before.map((failure, at) => host(labels[at] ?? '', at, failure));
    const right = labels[before.length] ?? '';
    const behind = labels.slice(before.length + 1, before.length + 2);
    const stage = await Stage.set(context, {
      hosts: [
        ...failing,
        host(right, before.length, null, [26, 25, 587]),
        ...behind.map((label) => host(label, before.length + 1, null)),
      ],
      dx: [...failing.map(({ label }) => label), right, ...behind],
    });
    const what = `dx hosts with ${before.length === 0 ? 'no' : before.join(', ')} failure before a right one`;
    const answer = await stage.lookup();
    mustFind(context, 'REC-055', stage, answer, what);
    const expected = [
      ...before.flatMap((failure, at) => (reachable(failure) ? [`${labels[at]} 26`] : [])),
      `${right} 26`,
    ];
    context.require(
      'REC-055',
      places(stage).join() === expected.join(),
      `${what}: ${expected.join()}`,
      fate(stage, answer),
    );
    const used = stage.connections.at(-1);
    const plain = used?.plain.length === 0 && used.tls !== null;
    context.require('REC-055', plain, 'TLS from the first octet', JSON.stringify(used?.plain));
  },
});

const noFallback = clientCase({
  id: 'dmtp-client/hosts/no-fallback-past-dx',
  title:
    'When all dx hosts fail, neither MX hosts nor the domain itself nor another port are used, though they are right.',
  decides: ['REC-056'],
  mostRuns: 3,
  given: fc.array(failures, { minLength: 1, maxLength: 2 }),
  async check(failed, context) {
    const labels = failed.map((_, at) => `dx${at + 1}`);
    const traps = [host('mx1', 5, null, [26, 25, 587]), host('', 6, null)];
    const mx = [{ label: 'mx1', preference: 10 }];
    const right = { hosts: [host('dx1', 0, null), ...traps], dx: ['dx1'], mx };
    await finds(context, 'REC-056', right, 'a right dx host beside MX hosts');
    const stage = await Stage.set(context, {
      hosts: [...failed.map((failure, at) => host(labels[at] ?? '', at, failure)), ...traps],
      dx: labels,
      mx,
    });
    const what = `dx hosts that fail by ${failed.join(', ')}`;
    const answer = await stage.lookup();
    const past = stage.visited.filter((place) => !labels.some((label) => place === `${label} 26`));
    context.require('REC-056', past.length === 0, `${what}: no connection to other hosts`, fate(stage, answer));
    mustRefuse(context, 'REC-056', stage, answer, what);
  },
});

/** In most, the order of the numbers is not that of their texts. */
const preferences = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 10, max: 19 }), fc.integer({ min: 100, max: 199 }))
      .chain((numbers) => each(numbers)),
  },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.integer({ min: 0, max: 65_535 }), { minLength: 3, maxLength: 3 }),
  },
);

const mxOrder = clientCase({
  id: 'dmtp-client/hosts/mx-in-ascending-preference',
  title: 'Without dx the MX hosts are tried in ascending order of their preference.',
  decides: ['REC-057'],
  mostRuns: 4,
  given: fc.record({ numbers: preferences, failed: fc.integer({ min: 0, max: 2 }) }),
  async check({ numbers, failed }, context) {
    const sorted = [...numbers].sort((a, b) => a - b);
    const rank = (preference: number): number => sorted.indexOf(preference);
    const mx = numbers.map((preference) => ({ label: `mx${rank(preference)}`, preference }));
    const stage = await Stage.set(context, {
      hosts: mx.map(({ label, preference }) =>
        host(label, rank(preference), rank(preference) < failed ? 'bad greeting' : null),
      ),
      dx: [],
      mx,
    });
    const answer = await stage.lookup();
    const what = `MX hosts of preferences ${numbers.join(', ')}, of which the first ${failed} greet badly`;
    mustFind(context, 'REC-057', stage, answer, what);
    const expected = Array.from({ length: failed + 1 }, (_, at) => `mx${at} 26`).join();
    context.require('REC-057', places(stage).join() === expected, `${what}: ${expected}`, fate(stage, answer));
  },
});

const mxCount = clientCase({
  id: 'dmtp-client/hosts/three-mx-at-most',
  title: 'No more than three MX hosts are tried, though a later one would be right.',
  decides: ['REC-058'],
  mostRuns: 3,
  given: fc.record({ more: fc.integer({ min: 1, max: 3 }), own: fc.boolean() }),
  async check({ more, own }, context) {
    const count = 3 + more;
    const mx = Array.from({ length: count }, (_, at) => ({ label: `mx${at}`, preference: 10 * (at + 1) }));
    const three = mx.slice(0, 3);
    const hosts = (right: number): HostPlan[] =>
      mx.map(({ label }, at) => host(label, at, at < right ? 'bad greeting' : null));
    await finds(context, 'REC-058', { hosts: hosts(2), dx: [], mx }, 'a third MX host that is right');
    const stage = await Stage.set(context, {
      hosts: [...hosts(3), ...(own ? [host('', 8, null)] : [])],
      dx: [],
      mx,
    });
    const answer = await stage.lookup();
    const beyond = stage.visited.filter(
      (place) => /^mx/.test(place) && !three.some(({ label }) => place.startsWith(label)),
    );
    context.require('REC-058', beyond.length === 0, `of ${count} MX hosts the first three alone`, fate(stage, answer));
    if (!own) mustRefuse(context, 'REC-058', stage, answer, `three MX hosts that fail, and ${more} more`);
  },
});

interface Ladder {
  readonly what: string;
  /** Open ports of the first MX host, and what is wrong with them; the second is right on port 26. */
  readonly open: Readonly<Partial<Record<StandardPort, 'right' | 'bad greeting'>>>;
  readonly visited: readonly string[];
}

const ladders: readonly Ladder[] = [
  { what: '26 right', open: { 26: 'right', 25: 'right', 587: 'right' }, visited: ['mx1 26'] },
  { what: '26 closed, 25 right', open: { 25: 'right', 587: 'right' }, visited: ['mx1 25'] },
  {
    what: '26 greets badly, 25 right',
    open: { 26: 'bad greeting', 25: 'right', 587: 'right' },
    visited: ['mx1 26', 'mx1 25'],
  },
  { what: '26 and 25 closed, 587 right', open: { 587: 'right' }, visited: ['mx1 587'] },
  { what: '25 greets badly', open: { 25: 'bad greeting', 587: 'right' }, visited: ['mx1 25', 'mx2 26'] },
  { what: 'all closed', open: {}, visited: ['mx2 26'] },
];

const mxPorts = clientCase({
  id: 'dmtp-client/hosts/ports-26-25-587',
  title:
    'On an MX host port 26 with TLS is tried, then 25 in dual mode, and 587 in dual mode only where 25 cannot be connected to.',
  decides: ['REC-059'],
  mostRuns: 1,
  given: each(ladders),
  async check(steps, context) {
    for (const { what, open, visited } of steps) {
      const doors = Object.entries(open).map(([port, how]) => ({
        port: Number(port) as StandardPort,
        rules: how === 'right' ? {} : { greeting: '554 NOT HERE\r\n' },
      }));
      const stage = await Stage.set(context, {
        hosts: [{ label: 'mx1', addresses: [addressOf(0)], doors }, host('mx2', 1, null, [26, 25, 587])],
        dx: [],
        mx: [
          { label: 'mx1', preference: 1 },
          { label: 'mx2', preference: 2 },
        ],
      });
      const answer = await stage.lookup();
      mustFind(context, 'REC-059', stage, answer, what);
      const right = places(stage).join() === visited.join();
      context.require('REC-059', right, `${what}: ${visited.join()}`, fate(stage, answer));
    }
  },
});

const domainItself = clientCase({
  id: 'dmtp-client/hosts/domain-itself',
  title: 'The domain itself is tried on port 26 when it has no MX hosts, and when all of them failed.',
  decides: ['REC-060'],
  mostRuns: 2,
  given: fc.array(failures, { minLength: 1, maxLength: 2 }),
  async check(some, context) {
    for (const failed of [[], some]) {
      const mx = failed.map((_, at) => ({ label: `mx${at}`, preference: at }));
      const stage = await Stage.set(context, {
        hosts: [...failed.map((failure, at) => host(`mx${at}`, at, failure)), host('', 8, null, [26, 25, 587])],
        dx: [],
        mx,
      });
      const answer = await stage.lookup();
      const what = failed.length === 0 ? 'no MX hosts' : `MX hosts that fail by ${failed.join(', ')}`;
      mustFind(context, 'REC-060', stage, answer, what);
      const own = stage.visited.filter((place) => place.startsWith('domain'));
      const last = stage.visited.at(-1) === 'domain 26' && own.every((place) => place === 'domain 26');
      context.require('REC-060', last, `${what}: the domain itself on port 26 at last`, fate(stage, answer));
    }
  },
});

export const cases: readonly Case[] = [dxOrder, noFallback, mxOrder, mxCount, mxPorts, domainItself];
