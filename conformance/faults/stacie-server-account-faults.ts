/** Seeded faults of a STACIE server: how accounts are made, and how their passwords change. */
import { randomBytes } from 'node:crypto';
import type { Fault } from './fault.js';
import {
  accountIn,
  answering,
  bendAnswers,
  bendStacie,
  carelessChange,
  type Members,
} from './stacie-server-bending.js';

const anOctets = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(String(value), 'base64url'));

/** Leaves the salt as it was. */
const oldSalt = carelessChange((old, asked) => ({ ...asked, ...(old.salt === undefined ? {} : { salt: old.salt }) }));

export const faults: readonly Fault[] = [
  {
    id: 'stacie-server/makes-no-accounts',
    breaks: 'STACIE-142',
    title: 'answers every register with an error',
    freshHooks: bendStacie(
      () =>
        ({ kind, ask }) =>
          kind === 'register' ? answering('error', 'Ask the staff.') : ask(),
    ),
  },
  {
    id: 'stacie-server/recruits-nobody',
    breaks: 'STACIE-143',
    title: 'answers register with methods',
    freshHooks: bendStacie(
      () =>
        ({ kind, content, ask }) =>
          kind === 'register' ? ask('login', content) : ask(),
    ),
  },
  {
    id: 'stacie-server/enrolls-anybody',
    breaks: 'STACIE-144',
    title: 'takes an enroll without a recruit',
    freshHooks: bendStacie(() => ({ kind, content, store, ask }) => {
      const reply = ask();
      if (kind !== 'enroll' || reply.kind !== 'error') return reply;
      const username = String(content.username);
      const verificationToken = anOctets(content['verification-token']);
      store.createStacieAccount({
        username,
        salt: anOctets(content.salt),
        bonus: 0,
        verificationToken,
        realms: [],
        nextIndex: new Map(),
      });
      return ask('login', { username });
    }),
  },
  {
    id: 'stacie-server/recruits-taken-names',
    breaks: 'STACIE-145',
    title: 'recruits for a name that is taken',
    freshHooks: bendStacie(() => (passing) => {
      const { kind, content, ask } = passing;
      if (kind !== 'register' || accountIn(passing) === null) return ask();
      return answering('recruit', {
        username: content.username,
        salt: randomBytes(128).toString('base64url'),
        bonus: '0',
        hash: 'sha2',
      });
    }),
  },
  {
    id: 'stacie-server/counts-salts',
    breaks: 'STACIE-205',
    title: 'makes the salts of accounts from a counter',
    freshHooks: (() => {
      let count = 0;
      return bendAnswers(['recruit'], (recruit: Members) => {
        const salt = Buffer.alloc(128, 0x5a);
        salt.writeUInt32BE(count++, 0);
        return { ...recruit, salt: salt.toString('base64url') };
      });
    })(),
  },
  {
    id: 'stacie-server/change-without-the-key',
    breaks: 'STACIE-072',
    title: 'carries out a change of the password whatever the password key is',
    freshHooks: carelessChange((_, asked) => asked, { passwordKey: true }),
  },
  {
    id: 'stacie-server/keeps-the-token',
    breaks: 'STACIE-193',
    title: 'keeps the old verification token when the password changes',
    freshHooks: carelessChange(({ verificationToken }, asked) => ({ ...asked, verificationToken })),
  },
  {
    id: 'stacie-server/salt-of-its-own',
    breaks: 'STACIE-194',
    title: 'puts a salt of its own in the place of the one in a change',
    freshHooks: carelessChange((_, asked) => ({ ...asked, salt: new Uint8Array(randomBytes(128)) })),
  },
  {
    id: 'stacie-server/keeps-the-salt',
    breaks: 'STACIE-206',
    title: 'keeps the old salt when the password changes',
    freshHooks: oldSalt,
  },
  {
    id: 'stacie-server/keeps-the-salt-in-03',
    breaks: 'STACIE-135',
    title: 'keeps the old salt when the password changes in revision 03',
    freshHooks: oldSalt,
  },
  {
    id: 'stacie-server/takes-short-salts',
    breaks: 'STACIE-022',
    title: 'takes a salt of any length in a change',
    freshHooks: carelessChange((_, asked) => asked),
  },
  {
    id: 'stacie-server/keeps-the-shards',
    breaks: 'STACIE-195',
    title: 'keeps the old shards when the password changes',
    freshHooks: carelessChange(({ realms }, asked) => ({ ...asked, realms })),
  },
  {
    id: 'stacie-server/loses-shards',
    breaks: 'STACIE-195',
    title: 'takes a change that leaves shards out, and loses them',
    freshHooks: carelessChange((_, asked) => asked, { shards: true }),
  },
];
