/** What success brings, and how shards are fetched again and added (sections 3.2 and 3.3 of the STACIE digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { type Answer, base64url, entriesOf, isObject, octetsOf, shown } from './messages.js';
import { type Account, fresh, type Server } from './server.js';
import { serverCase } from './server-case.js';

const proposed = 'the messages that the digest proposes';
const written = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** With repetitions, so that a realm gets several shards. */
const someLabels = fc.array(fc.constantFrom('mail', 'contacts', 'files.2018'), { minLength: 1, maxLength: 4 });

/** The shards of an account as label, index and shard, in no order. */
function listed(answer: Answer): string[] {
  return (entriesOf(answer) ?? []).map(({ label, index, shard }) => `${label} ${index} ${shard}`).sort();
}

/** Entries with these three members, and a shard of 64 octets. */
function shaped(answer: Answer, label: string, shard: string): boolean {
  const { content } = answer;
  return (
    Array.isArray(content) &&
    content.every(
      (each) => isObject(each) && typeof each[label] === 'string' && octetsOf(each[shard])?.length === 64,
    ) &&
    entriesOf(answer) !== null
  );
}

/** An account with a shard where the suite may add one. */
async function ring(server: Server): Promise<Answer> {
  const account = await server.account();
  if (server.endpoint.canRegister) await server.addShards(account, ['mail']);
  return await server.authenticate(account);
}

async function addTwice(server: Server, account: Account): Promise<number[]> {
  const indexes: number[] = [];
  for (const label of ['mail', 'mail', 'mail']) {
    const [added] = await server.addShards(account, [label]);
    const entries = entriesOf(await server.authenticate(account)) ?? [];
    const index = entries.find(({ shard }) => shard === added?.shard)?.index;
    indexes.push(index ?? -1);
  }
  return indexes;
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/key-ring/keys-after-success',
    title: 'Success is answered with `keys`: objects with realm, key and index.',
    decides: ['STACIE-187'],
    revision: '00',
    async check(server, _, context) {
      const answer = await ring(server);
      context.require(
        'STACIE-187',
        answer.kind === 'keys' && shaped(answer, 'realm', 'key'),
        '{"keys":[{realm,key,index},...]}',
        shown(answer),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/realms-after-success',
    title: 'Success is answered with `realms`: objects with index, label and shard.',
    decides: ['STACIE-188'],
    revision: '03',
    async check(server, _, context) {
      const answer = await ring(server);
      context.follows('stacie-revision', 'revision 03');
      context.require(
        'STACIE-188',
        answer.kind === 'realms' && shaped(answer, 'label', 'shard'),
        '{"realms":[{index,label,shard},...]}',
        shown(answer),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/labels-in-lower-case',
    title: 'Labels that are sent are strings in lower case, as they were put in.',
    decides: ['STACIE-101'],
    revision: '03',
    async check(server, _, context) {
      const answer = await ring(server);
      const labels = (entriesOf(answer) ?? []).map(({ label }) => label);
      if (labels.length > 0) {
        const plain = labels.every((label) => written.test(label));
        context.follows(
          'stacie-labels',
          plain ? 'letters, digits, dot, underscore and hyphen' : 'other strings in lower case',
        );
      }
      const lower = labels.every((label) => label !== '' && label === label.toLowerCase());
      context.require('STACIE-101', lower, 'labels in lower case', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/index-counts-up',
    title: 'Each shard that is added to a realm has a higher index than those before it.',
    decides: ['STACIE-189'],
    accounts: true,
    mostRuns: 3,
    async check(server, _, context) {
      context.follows('stacie-proposed-messages', proposed);
      const indexes = await addTwice(server, await server.account());
      const rising = indexes.every((index, at) => index > (indexes[at - 1] ?? -1));
      context.require('STACIE-189', rising, 'rising indexes', `the indexes ${indexes.join(', ')}`);
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/next-free-serial',
    title: 'A shard that is added gets the highest index of its realm and one more, and the answer says which.',
    decides: ['STACIE-199'],
    accounts: true,
    mostRuns: 3,
    async check(server, _, context) {
      context.follows('stacie-proposed-messages', proposed);
      const indexes = await addTwice(server, await server.account());
      const next = indexes.every((index, at) => at === 0 || index === (indexes[at - 1] ?? 0) + 1);
      context.require('STACIE-199', next, 'indexes one after another', `the indexes ${indexes.join(', ')}`);
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/shards-of-64-octets',
    title: 'A shard of another length than 64 octets is not added.',
    decides: ['STACIE-092'],
    revision: '03',
    accounts: true,
    given: fc.constantFrom(0, 1, 63, 65, 128),
    async check(server, octets, context) {
      const account = await server.account();
      const shard = base64url(fresh(octets));
      const answer = await server.ask('add', { ...(await server.prove(account)), label: 'mail', shard });
      context.require(
        'STACIE-092',
        answer.kind === 'error',
        `a shard of ${octets} octets to be refused`,
        shown(answer),
      );
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/fetched-again',
    title: 'A fetch brings what the login brought.',
    decides: ['STACIE-197'],
    accounts: true,
    given: someLabels,
    async check(server, labels, context) {
      context.follows('stacie-proposed-messages', proposed);
      const account = await server.account();
      await server.addShards(account, labels);
      const login = await server.authenticate(account);
      const answer = await server.ask('fetch', await server.prove(account));
      const holds = server.succeeded(answer) && listed(answer).join() === listed(login).join();
      context.require('STACIE-197', holds, shown(login), shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/key-ring/fetched-in-part',
    title: 'A fetch may be narrowed to a realm, and in it to an index.',
    decides: ['STACIE-198'],
    accounts: true,
    mostRuns: 2,
    async check(server, _, context) {
      const account = await server.account();
      await server.addShards(account, ['mail', 'mail', 'contacts']);
      const ofRealm = entriesOf(await server.ask('fetch', { ...(await server.prove(account)), label: 'mail' }));
      const second = ofRealm?.[1]?.index ?? 1;
      const narrow = { ...(await server.prove(account)), label: 'mail', index: String(second) };
      const ofIndex = entriesOf(await server.ask('fetch', narrow));
      const taken =
        ofRealm?.length === 2 &&
        ofRealm.every(({ label }) => label === 'mail') &&
        ofIndex?.length === 1 &&
        ofIndex[0]?.index === second;
      context.took(
        'STACIE-198',
        taken,
        `${ofRealm?.length ?? 'no'} shards of two, then ${ofIndex?.length ?? 'no'} of one`,
      );
    },
  }),
];
