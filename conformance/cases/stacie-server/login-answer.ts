/** What a login is answered with: section 3.2 of the STACIE digest. */
import type { Case } from '../case.js';
import { type Answer, isObject, numberOf, octetsOf, passwordMethods, shown } from './messages.js';
import type { Server } from './server.js';
import { serverCase } from './server-case.js';

const hashes = ['sha2', 'skein', 'sha3'];
const ciphers = ['aes', 'chacha'];

async function answerTo(server: Server): Promise<Answer> {
  const { username } = await server.account();
  return await server.ask('login', { username });
}

/** `sha2`, or `{"sha2":{...}}`: the reading `stacie-primitive-form` says which. */
function primitive(value: unknown): { readonly name: string | null; readonly form: string } {
  if (typeof value === 'string') return { name: value, form: 'strings that name them' };
  const names = isObject(value) ? Object.keys(value) : [];
  return { name: names.length === 1 ? (names[0] ?? null) : null, form: 'objects' };
}

export const cases: readonly Case[] = [
  serverCase({
    id: 'stacie-server/login/json-object',
    title: 'A login is answered with one JSON object in UTF-8, as application/json, with the one member `methods`.',
    decides: ['STACIE-008'],
    async check(server, _, context) {
      const answer = await server.ask('login', { username: server.freshName() });
      context.follows('stacie-transport', 'HTTPS, one POST an exchange');
      context.require('STACIE-008', answer.kind !== null, 'a JSON object with one member', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/array-of-methods',
    title: 'The methods are an array of objects with one member each, which is an object of parameters.',
    decides: ['STACIE-151'],
    async check(server, _, context) {
      const answer = await answerTo(server);
      const { kind, content } = answer;
      const holds =
        kind === 'methods' &&
        Array.isArray(content) &&
        content.length > 0 &&
        content.every(
          (each) => isObject(each) && Object.keys(each).length === 1 && Object.values(each).every(isObject),
        );
      context.require('STACIE-151', holds, '{"methods":[{NAME:{...}},...]}', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/one-password-method',
    title: 'The password method stands among the methods, once.',
    decides: ['STACIE-152'],
    async check(server, _, context) {
      const answer = await answerTo(server);
      context.require('STACIE-152', passwordMethods(answer).length === 1, 'one password method', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/salt-of-the-account',
    title: 'The salt that the account was made with is in the answer, every time.',
    decides: ['STACIE-154'],
    async check(server, _, context) {
      const account = await server.account();
      for (const time of ['the first', 'the second']) {
        const answer = await server.ask('login', { username: account.username });
        const written = passwordMethods(answer)[0]?.salt;
        const salt = octetsOf(written);
        const holds =
          account.salt === null ? written === undefined : salt !== null && Buffer.from(salt).equals(account.salt);
        context.require('STACIE-154', holds, `the salt of the account ${time} time`, shown(answer));
      }
    },
  }),
  serverCase({
    id: 'stacie-server/login/has-a-nonce',
    title: 'The password method has a nonce.',
    decides: ['STACIE-159'],
    async check(server, _, context) {
      const answer = await answerTo(server);
      const nonce = passwordMethods(answer)[0]?.nonce;
      context.require('STACIE-159', typeof nonce === 'string' && nonce !== '', 'a member nonce', shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/hash-by-its-name',
    title: 'A hash that is named is one that the drafts define.',
    decides: ['STACIE-167'],
    async check(server, _, context) {
      const answer = await answerTo(server);
      const hash = passwordMethods(answer)[0]?.hash;
      const { name, form } = primitive(hash ?? 'sha2');
      if (hash !== undefined) context.follows('stacie-primitive-form', form);
      context.require('STACIE-167', name !== null && hashes.includes(name), hashes.join(' or '), shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/cipher-by-its-name',
    title: 'A cipher that is named is one that the drafts define.',
    decides: ['STACIE-172'],
    async check(server, _, context) {
      const answer = await answerTo(server);
      const { name } = primitive(passwordMethods(answer)[0]?.cipher ?? 'aes');
      context.require('STACIE-172', name !== null && ciphers.includes(name), ciphers.join(' or '), shown(answer));
    },
  }),
  serverCase({
    id: 'stacie-server/login/bonus',
    title: 'The server may ask for a bonus.',
    decides: ['STACIE-005', 'STACIE-046'],
    mostRuns: 2,
    async check(server, _, context) {
      const { bonus, raw } = await server.login((await server.account()).username);
      if (numberOf(raw.bonus) !== null) {
        context.follows('stacie-number-form', typeof raw.bonus === 'string' ? 'strings of digits' : 'JSON integers');
      }
      context.took('STACIE-005', bonus > 0, `bonus ${bonus}`);
      context.took('STACIE-046', bonus > 0, `bonus ${bonus}`);
    },
  }),
  serverCase({
    id: 'stacie-server/login/normalised-once-and-for-all',
    title: 'One name always gives one form, and that form gives itself.',
    decides: ['STACIE-149'],
    async check(server, _, context) {
      const { username } = await server.account();
      for (const typed of [username, username.toUpperCase(), ` ${username} `]) {
        const forms = [];
        for (let time = 0; time < 3; time++) {
          const offer = await server.ask('login', { username: typed });
          if (offer.kind === 'error') break;
          forms.push(String(passwordMethods(offer)[0]?.username));
        }
        const [form] = forms;
        if (form === undefined) continue;
        const again = passwordMethods(await server.ask('login', { username: form }))[0]?.username;
        context.require(
          'STACIE-149',
          forms.every((each) => each === form) && again === form,
          `one form of ${JSON.stringify(typed)}, which gives itself`,
          JSON.stringify([...forms, again]),
        );
      }
    },
  }),
  serverCase({
    id: 'stacie-server/login/username-ready-to-be-hashed',
    title: 'Another spelling of a name that leads to the account brings the name that the account is hashed with.',
    decides: ['STACIE-155'],
    async check(server, _, context) {
      const account = await server.account();
      for (const typed of [account.username, account.username.toUpperCase(), ` ${account.username}`]) {
        const answer = await server.ask('login', { username: typed });
        const [method] = passwordMethods(answer);
        const salt = octetsOf(method?.salt);
        // Another salt is another account, or nobody's: then the spelling is another name here.
        const led =
          account.salt === null ? typed === account.username : salt !== null && Buffer.from(salt).equals(account.salt);
        if (led) {
          context.require(
            'STACIE-155',
            method?.username === account.username,
            `the username ${JSON.stringify(account.username)}`,
            shown(answer),
          );
        }
      }
    },
  }),
];
