/** What a client makes of the signets that a host gives it (section 7.4 of the signets digest, 5 of the DMTP digest). */
import fc from 'fast-check';
import type { Form } from '../../model/signet-builder.js';
import type { Case } from '../case.js';
import { clientCase, each, fate, mustFind, mustRefuse } from './client-case.js';
import {
  binary,
  identityOf,
  inProtocol,
  note,
  organization,
  organizationSignet,
  type Served,
  stranger,
  userSignet,
} from './parties.js';
import { type HostRules, inBrackets, readCommand } from './right-host.js';
import { type Plan, Stage } from './stage.js';

const user = identityOf('user');
const later = identityOf('user, later');

type Signets = Readonly<Record<string, readonly Served[]>>;
const serving = (signets: Signets | ((domain: string) => Signets)): Pick<Plan, 'signets'> => ({
  signets: typeof signets === 'function' ? signets : () => signets,
});

const organizations = [organizationSignet({ details: [note(1)] }), organizationSignet({ details: [note(2)] })];
const users = [userSignet({ details: [note(3)] }, user), userSignet({ details: [note(4)] }, user)];

/** Gives this signet whatever fingerprint was asked for. */
const carelessly =
  (kind: 'user' | 'organization', served: Served): HostRules['reply'] =>
  ({ verb, name, brackets }, right) =>
    verb === 'SGNT' && brackets.length > 0 && name.includes('@') === (kind === 'user')
      ? `250 OK ${inBrackets(served)}\r\n`
      : right;

/** The same rule stands in both catalogues. */
function comparing(row: 'DMTP-059' | 'SIG-083', kind: 'user' | 'organization'): Case {
  const chain = kind === 'user' ? users : organizations;
  return clientCase({
    id: `dmtp-client/signets/fingerprint-compared-for-${kind === 'user' ? 'users' : 'organizations'}`,
    title: `The signet of ${kind === 'user' ? 'a user' : 'an organization'} that came has to have the fingerprint that was asked for, of whichever kind.`,
    decides: [row],
    mostRuns: 2,
    given: each([
      ['full', 0],
      ['full', 1],
      ['cryptographic', 1],
    ] as const),
    async check(wishes, context) {
      const stage = await Stage.set(context, serving({ '': organizations, user: users }));
      const name = kind === 'user' ? stage.user : stage.domain;
      for (const [form, place] of wishes) {
        stage.change({});
        const answer = await stage.lookup(name, chain[place]?.fingerprints[form]);
        // The two have the same keys, so that each has the cryptographic fingerprint of both.
        const right = form === 'full' ? chain.slice(place, place + 1) : chain;
        const found = right.some(({ octets }) => answer.kind === 'result' && answer.value.signet === binary(octets));
        const what = `the signet with the ${form} fingerprint that was asked for`;
        context.require(row, found, what, fate(stage, answer));
        stage.change({ reply: carelessly(kind, chain[1 - place] ?? organizationSignet()) });
        if (form !== 'full') continue;
        const careless = await stage.lookup(name, chain[place]?.fingerprints.full);
        mustRefuse(context, row, stage, careless, 'another valid signet than the one that was asked for');
      }
    },
  });
}

/** Ways in which the signet of the organization is wrong; that of the user is as right as it can be beside it. */
const wrongOrganizations: Readonly<Record<string, () => Served>> = {
  'with a key that is not in the record': () => organizationSignet({}, stranger),
  'signed by a stranger': () => {
    const own = organizationSignet();
    const octets = Uint8Array.from(own.octets);
    const last = octets.length - 1;
    octets[last - 70] = (octets[last - 70] ?? 0) ^ 1;
    return { ...own, octets };
  },
  'that is cut': () => {
    const own = organizationSignet();
    return { ...own, octets: own.octets.subarray(0, -1) };
  },
  'that is a user signet': () => userSignet({}, user),
};

/** The same rule stands in both catalogues. */
function organizationFirst(row: 'DMTP-062' | 'SIG-084', id: string): Case {
  return clientCase({
    id: `dmtp-client/signets/${id}`,
    title:
      'The signet of the organization is fetched and validated before that of the user, who is not asked for when it does not hold.',
    decides: [row],
    mostRuns: 2,
    given: each(Object.keys(wrongOrganizations)),
    async check(whats, context) {
      const stage = await Stage.set(context);
      for (const what of whats) {
        const before = stage.connections.length;
        const own = wrongOrganizations[what]?.() ?? organizationSignet({}, stranger);
        // That of the user leads to the wrong one, where it can.
        const signer = what.includes('not in the record') ? stranger.signing : organization.signing;
        stage.change({ reply: giving({ '': own, user: userSignet({}, user, null, signer) }) });
        mustRefuse(context, row, stage, await stage.lookup(), `an organizational signet ${what}`);
        const lines = stage.connections.slice(before).flatMap((seen) => seen.lines);
        const users = lines.filter((line) => readCommand(line).name.includes('@'));
        context.require(
          row,
          users.length === 0,
          `no question for the user behind an organizational signet ${what}`,
          () => users.join('; '),
        );
      }
      stage.change({});
      const from = stage.connections.length;
      mustFind(context, row, stage, await stage.lookup(), 'right signets');
      const asked = stage.connections.slice(from).flatMap((seen) => seen.lines.map(readCommand));
      const order = asked.filter(({ verb }) => verb === 'SGNT').map(({ name }) => name);
      const first = order[0] === stage.domain && order.includes(stage.user);
      context.require(row, first, 'SGNT for the domain, then for the user', order.join());
    },
  });
}

/** Other signets than those that are served, for the domain and for its users. */
const giving =
  (chains: { readonly ''?: Served; readonly user?: Served }): HostRules['reply'] =>
  ({ verb, name }, right) => {
    const other = name.includes('@') ? chains.user : chains[''];
    return verb === 'SGNT' && other !== undefined ? `250 OK ${inBrackets(other)}\r\n` : right;
  };

/** Signets of the user that do not hold. */
const wrongUsers: Readonly<Record<string, (domain: string) => Served>> = {
  'signed by another organization': () => userSignet({}, user, null, stranger.signing),
  'with a broken signature': () => {
    const own = userSignet({}, user);
    const octets = Uint8Array.from(own.octets);
    octets[octets.length - 10] = (octets[octets.length - 10] ?? 0) ^ 1;
    return { ...own, octets };
  },
  'that is another kind of signet': () => organizationSignet(),
  'of another address': (domain) =>
    userSignet({ form: 'identifiable', identifier: `mallory@${domain}` }, identityOf('mallory')),
  'of an address in another domain': () =>
    userSignet({ form: 'identifiable', identifier: 'user@elsewhere.example' }, user),
  'that is cut': () => {
    const own = userSignet({}, user);
    return { ...own, octets: own.octets.subarray(0, -64) };
  },
};

const usersValidated = clientCase({
  id: 'dmtp-client/signets/users-validated-by-the-organization',
  title: "A user's signet is taken when the organization signed it for that user, and not otherwise.",
  decides: ['SIG-084'],
  mostRuns: 2,
  given: each(Object.keys(wrongUsers)),
  async check(whats, context) {
    const stage = await Stage.set(context);
    for (const what of whats) {
      const wrong = wrongUsers[what]?.(stage.domain) ?? userSignet({}, stranger);
      stage.change({ reply: giving({ user: wrong }) });
      mustRefuse(context, 'SIG-084', stage, await stage.lookup(), `a user's signet ${what}`);
    }
    stage.change({});
    mustFind(context, 'SIG-084', stage, await stage.lookup(), "a right user's signet");
  },
});

const custody = clientCase({
  id: 'dmtp-client/signets/broken-chain-of-custody',
  title: 'A client that knows a signet of a user takes a new key when the old one vouches for it, and not otherwise.',
  decides: ['SIG-084'],
  mostRuns: 3,
  given: fc.constantFrom('by nobody', 'by a stranger'),
  async check(vouched, context) {
    for (const previous of [user.signing, vouched === 'by nobody' ? null : stranger.signing]) {
      const chain = [userSignet({}, user)];
      const signets = { '': [organizationSignet()], user: chain };
      const stage = await Stage.set(context, serving(signets));
      mustFind(context, 'SIG-084', stage, await stage.lookup(), 'the first signet of a user');
      chain.push(userSignet({}, later, previous));
      const answer = await stage.lookup();
      if (previous === user.signing)
        mustFind(context, 'SIG-084', stage, answer, 'a new key, vouched for by the old one');
      // A client without a memory cannot know; it says so by taking it, and a note tells the reader.
      else if (answer.kind === 'result') {
        const asked = stage.lines.filter((line) => /^(VRFY|HIST)/i.test(line)).length;
        context.require(
          'SIG-084',
          asked === 0,
          `a new key, vouched for ${vouched}: to be refused by a client that remembers the old`,
          fate(stage, answer),
        );
        context.note(
          `a new key of a known user that is vouched for ${vouched} is taken: this client remembers no signets`,
        );
      }
    }
  },
});

const bothForms = clientCase({
  id: 'dmtp-client/signets/full-and-identifiable',
  title: 'Full and identifiable signets are taken, of organizations and of users.',
  decides: ['SIG-082'],
  mostRuns: 5,
  given: fc.record({
    own: fc.constantFrom<Form>('full', 'identifiable'),
    users: fc.constantFrom<Form>('full', 'identifiable'),
    byFingerprint: fc.boolean(),
  }),
  async check({ own, users: form, byFingerprint }, context) {
    const stage = await Stage.set(
      context,
      serving((domain) => ({
        '': [organizationSignet({ form: own, identifier: domain })],
        user: [userSignet({ form, identifier: `user@${domain}` }, user)],
      })),
    );
    const wanted = byFingerprint ? stage.newest(stage.user).fingerprints[form] : undefined;
    const answer = await stage.lookup(stage.user, wanted);
    mustFind(context, 'SIG-082', stage, answer, `a ${own} signet of the organization, a ${form} one of the user`);
    const organizations = await stage.lookup(stage.domain);
    mustFind(context, 'SIG-082', stage, organizations, `a ${own} signet of the organization`, stage.domain);
  },
});

const update = clientCase({
  id: 'dmtp-client/signets/update-with-and-without-brackets',
  title: 'The fingerprint behind UPDATE is understood with square brackets and without.',
  decides: ['DMTP-115'],
  operation: 'dmtp.verify',
  mostRuns: 3,
  given: fc.record({ form: fc.constantFrom<Form>('full', 'cryptographic'), word: fc.constantFrom('UPDATE', 'Update') }),
  async check({ form, word }, context) {
    const chain = [userSignet({}, user), userSignet({}, later, user.signing)];
    const latest = chain[1]?.fingerprints[form] ?? '';
    const stage = await Stage.set(context, serving({ '': [organizationSignet()], user: chain }));
    for (const written of [`[${latest}]`, latest]) {
      stage.change({
        reply: ({ verb }, right) =>
          verb === 'VRFY' && right.includes('UPDATE') ? `250 ${word} ${written}\r\n` : right,
      });
      const answer = await stage.verify(chain[0]?.fingerprints[form] ?? '');
      const found = answer.kind === 'result' && answer.value.latest === inProtocol(latest);
      const right = found && answer.value.current === false;
      context.require(
        'DMTP-115',
        right,
        `${word} ${written}: not current, and that one the latest`,
        fate(stage, answer),
      );
    }
    const current = await stage.verify(latest);
    const same = current.kind === 'result' && current.value.current === true;
    context.require('DMTP-115', same, 'the latest to be current', fate(stage, current));
  },
});

export const cases: readonly Case[] = [
  comparing('DMTP-059', 'user'),
  comparing('SIG-083', 'organization'),
  organizationFirst('DMTP-062', 'organization-first'),
  organizationFirst('SIG-084', 'organization-validated-before-the-user'),
  usersValidated,
  custody,
  bothForms,
  update,
];
