/** Seeded faults of a STACIE server: how it reads requests and writes the answer to a login. */
import { createHash, randomBytes } from 'node:crypto';
import type { Fault } from './fault.js';
import {
  answering,
  bendAnswers,
  bendPassword,
  bendRequests,
  bendStacie,
  type Members,
  type Passing,
  saying,
} from './stacie-server-bending.js';

/** A value in base64url of so many octets, made from another. */
function sized(value: unknown, octets: number): string {
  return Buffer.alloc(octets, Buffer.from(String(value), 'base64url')).toString('base64url');
}

const withLength = (member: 'salt' | 'nonce', octets: number): Fault['freshHooks'] =>
  bendPassword((password) => ({ ...password, [member]: sized(password[member], octets) }));

const isKnown = ({ username }: Members, { store }: Passing): boolean => store.stacieAccount(String(username)) !== null;

/** Tries what is missing at the end of a text. */
function repaired(text: string): string | null {
  for (const end of ['}', '}}', '"}}']) {
    try {
      JSON.parse(text + end);
      return text + end;
    } catch {
      // The next one.
    }
  }
  return null;
}

const stripped =
  (which: RegExp) =>
  (content: Members): Members => ({
    ...content,
    nonce: String(content.nonce).replace(which, ''),
    token: String(content.token).replace(which, ''),
  });

const lengths: readonly (readonly [string, string, 'salt' | 'nonce', number, string])[] = [
  ['salt-of-1056', 'STACIE-023', 'salt', 1056, 'sends salts of 1,056 octets'],
  ['salt-of-64', 'STACIE-024', 'salt', 64, 'sends salts of 64 octets'],
  ['salt-of-100-in-00', 'STACIE-025', 'salt', 100, 'sends salts of 100 octets in revision 00'],
  ['salt-of-100-in-03', 'STACIE-026', 'salt', 100, 'sends salts of 100 octets in revision 03'],
  ['salt-of-48', 'STACIE-157', 'salt', 48, 'sends salts of 48 octets'],
  ['nonce-of-1056', 'STACIE-028', 'nonce', 1056, 'sends nonces of 1,056 octets'],
  ['nonce-of-64', 'STACIE-029', 'nonce', 64, 'sends nonces of 64 octets'],
  ['nonce-of-100-in-00', 'STACIE-030', 'nonce', 100, 'sends nonces of 100 octets in revision 00'],
  ['nonce-of-100-in-03', 'STACIE-031', 'nonce', 100, 'sends nonces of 100 octets in revision 03'],
];

export const faults: readonly Fault[] = [
  ...(['STACIE-005', 'STACIE-046'] as const).map((breaks) => ({
    id: `stacie-server/no-bonus-${breaks.slice(-3)}`,
    breaks,
    title: 'asks for no bonus',
    freshHooks: bendPassword((password) => ({ ...password, bonus: '0' })),
  })),
  {
    id: 'stacie-server/unquoted-names',
    breaks: 'STACIE-008',
    title: 'writes methods as the drafts print them, without quotes around names',
    freshHooks: bendStacie(() => ({ ask }) => {
      const reply = ask();
      return reply.kind === 'methods' ? saying(reply, reply.text.replace(/"([a-z]+)":/g, '$1:')) : reply;
    }),
  },
  {
    id: 'stacie-server/repairs-json',
    breaks: 'STACIE-008',
    title: 'closes the braces of requests that were cut short',
    freshHooks: bendStacie(() => ({ octets, ask, askText }) => {
      const text = repaired(octets);
      return text === null ? ask() : askText(text);
    }),
  },
  {
    id: 'stacie-server/plain-text-errors',
    breaks: 'STACIE-008',
    title: 'answers what is no JSON in plain text',
    freshHooks: bendStacie(() => ({ kind, ask }) => {
      const reply = ask();
      return kind === '' ? saying(reply, 'Bad request.') : reply;
    }),
  },
  {
    id: 'stacie-server/reads-latin-1',
    breaks: 'STACIE-009',
    title: 'takes each octet of a request for a character',
    freshHooks: bendStacie(
      () =>
        ({ octets, askText }) =>
          askText(octets),
    ),
  },
  {
    id: 'stacie-server/other-alphabet',
    breaks: 'STACIE-010',
    title: 'writes salt and nonce in the alphabet with plus and slash',
    freshHooks: bendPassword((password) => ({
      ...password,
      salt: String(password.salt).replaceAll('-', '+').replaceAll('_', '/'),
      nonce: String(password.nonce).replaceAll('-', '+').replaceAll('_', '/'),
    })),
  },
  {
    id: 'stacie-server/skips-foreign-characters',
    breaks: 'STACIE-010',
    title: 'leaves out the characters of a nonce or token that are not in the alphabet',
    freshHooks: bendRequests(['authenticate'], stripped(/[^A-Za-z0-9_-]/g)),
  },
  {
    id: 'stacie-server/writes-padding',
    breaks: 'STACIE-011',
    title: 'puts an equals sign behind the nonce',
    freshHooks: bendPassword((password) => ({ ...password, nonce: `${password.nonce}=` })),
  },
  {
    id: 'stacie-server/folds-lines',
    breaks: 'STACIE-012',
    title: 'breaks the salt into lines of 76 characters',
    freshHooks: bendPassword((password) => ({ ...password, salt: String(password.salt).replace(/.{76}/g, '$&\n') })),
  },
  {
    id: 'stacie-server/skips-white-space',
    breaks: 'STACIE-012',
    title: 'leaves out white space and control characters in a nonce or token',
    freshHooks: bendRequests(['authenticate'], stripped(/[\s\p{Cc}]/gu)),
  },
  ...lengths.map(([name, breaks, member, octets, title]) => ({
    id: `stacie-server/${name}`,
    breaks,
    title,
    ...present(withLength(member, octets)),
  })),
  {
    id: 'stacie-server/takes-a-login-for-nobody',
    breaks: 'STACIE-147',
    title: 'takes a login without a username for one of a guest',
    freshHooks: bendRequests(['login'], (content) => ({ username: content.username ?? 'guest' })),
  },
  {
    id: 'stacie-server/username-in-two-forms',
    breaks: 'STACIE-149',
    title: 'returns the username in upper case every second time',
    freshHooks: bendStacie(() => {
      let count = 0;
      return ({ ask }) => {
        const reply = ask();
        count += 1;
        if (reply.kind !== 'methods' || count % 2 === 0) return reply;
        return saying(
          reply,
          reply.text.replace(/"username":"[^"]*"/, (member) => member.toUpperCase().replace('USERNAME', 'username')),
        );
      };
    }),
  },
  {
    id: 'stacie-server/username-as-typed',
    breaks: 'STACIE-155',
    title: 'returns the username as it was typed',
    freshHooks: bendPassword((password, { kind, content }) =>
      kind === 'login' ? { ...password, username: content.username } : password,
    ),
  },
  {
    id: 'stacie-server/methods-in-an-object',
    breaks: 'STACIE-151',
    title: 'writes the methods as one object',
    freshHooks: bendAnswers(['methods'], (methods: readonly Members[]) => Object.assign({}, ...methods)),
  },
  {
    id: 'stacie-server/two-password-methods',
    breaks: 'STACIE-152',
    title: 'offers the password method twice',
    freshHooks: bendAnswers(['methods'], (methods: readonly Members[]) => [...methods, ...methods]),
  },
  {
    id: 'stacie-server/keeps-the-salt-back',
    breaks: 'STACIE-154',
    title: 'leaves the salt out of the password method',
    freshHooks: bendPassword(({ salt: _, ...password }) => password),
  },
  {
    id: 'stacie-server/no-nonce',
    breaks: 'STACIE-159',
    title: 'leaves the nonce out of the password method',
    freshHooks: bendPassword(({ nonce: _, ...password }) => password),
  },
  {
    id: 'stacie-server/hash-by-another-name',
    breaks: 'STACIE-167',
    title: 'calls the hash function sha512',
    freshHooks: bendPassword((password) => ({ ...password, hash: 'sha512' })),
  },
  {
    id: 'stacie-server/cipher-by-another-name',
    breaks: 'STACIE-172',
    title: 'calls the cipher aes-256-gcm',
    freshHooks: bendPassword((password) => ({ ...password, cipher: 'aes-256-gcm' })),
  },
  {
    id: 'stacie-server/one-salt-for-all',
    breaks: 'STACIE-156',
    title: 'has one salt for all names',
    freshHooks: bendPassword((password) => ({ ...password, salt: sized('c2l0ZQ', 128) })),
  },
  {
    id: 'stacie-server/no-bonus-for-nobody',
    breaks: 'STACIE-201',
    title: 'asks for no bonus where there is no account',
    freshHooks: bendPassword((password, passing) =>
      isKnown(password, passing) ? password : { ...password, bonus: '0' },
    ),
  },
  {
    id: 'stacie-server/says-that-there-is-nobody',
    breaks: 'STACIE-201',
    title: 'answers a failed attempt for an unknown name with an error of its own',
    freshHooks: bendStacie(() => (passing) => {
      const reply = passing.ask();
      if (passing.kind !== 'authenticate' || isKnown(passing.content, passing)) return reply;
      return answering('error', 'There is no such user.');
    }),
  },
  {
    id: 'stacie-server/slow-for-accounts',
    breaks: 'STACIE-201',
    title: 'takes two milliseconds longer for a login where there is an account',
    freshHooks: bendStacie(() => (passing) => {
      const until = performance.now() + 2;
      while (passing.kind === 'login' && isKnown(passing.content, passing) && performance.now() < until);
      return passing.ask();
    }),
  },
  {
    id: 'stacie-server/salt-from-the-username',
    breaks: 'STACIE-202',
    title: 'hashes nothing but the username into the salt of an unknown user',
    freshHooks: bendPassword((password, passing) => {
      const piece = (count: number): Buffer =>
        createHash('sha512')
          .update(String(password.username))
          .update(Uint8Array.of(0, 0, count))
          .digest();
      return isKnown(password, passing)
        ? password
        : { ...password, salt: Buffer.concat([piece(0), piece(1)]).toString('base64url') };
    }),
  },
  {
    id: 'stacie-server/another-salt-each-time',
    breaks: 'STACIE-203',
    title: 'makes up a salt for an unknown user at every login',
    freshHooks: bendPassword((password, passing) =>
      isKnown(password, passing) ? password : { ...password, salt: randomBytes(128).toString('base64url') },
    ),
  },
  {
    id: 'stacie-server/takes-every-name',
    breaks: 'STACIE-204',
    title: 'takes a login for any name, whatever characters it has',
    freshHooks: bendStacie(() => ({ kind, ask }) => {
      const reply = ask();
      return kind === 'login' && reply.kind === 'error' ? ask('login', { username: 'nobody' }) : reply;
    }),
  },
];

function present(freshHooks: Fault['freshHooks']): Pick<Fault, 'freshHooks'> {
  return freshHooks === undefined ? {} : { freshHooks };
}
