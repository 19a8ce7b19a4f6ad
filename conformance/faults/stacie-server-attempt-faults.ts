/** Seeded faults of a STACIE server: nonces, tokens, and what success brings. */
import type { Fault } from './fault.js';
import {
  accountIn,
  answering,
  bendAnswers,
  bendPassword,
  bendRequests,
  bendStacie,
  type Members,
  type Passing,
  rightToken,
} from './stacie-server-bending.js';

/** The right token in the place of whatever came. */
const anyToken = (content: Members, passing: Passing): Members => ({
  ...content,
  token: rightToken(passing) ?? content.token,
});

const rings = ['realms', 'keys'];

/** An answer that was given before is given again. */
const replaying = bendStacie(() => {
  const answers = new Map<string, ReturnType<Passing['ask']>>();
  return ({ kind, octets, ask }) => {
    const before = answers.get(octets);
    if (before !== undefined) return before;
    const reply = ask();
    if (kind === 'authenticate' && reply.authenticated !== null && answers.size < 1000) answers.set(octets, reply);
    return reply;
  };
});

export const faults: readonly Fault[] = [
  {
    id: 'stacie-server/counts-nonces',
    breaks: 'STACIE-032',
    title: 'makes nonces from a counter',
    freshHooks: bendStacie(() => {
      let count = 0;
      return (passing) => {
        const reply = passing.ask();
        if (reply.kind !== 'methods') return reply;
        const nonce = Buffer.alloc(128, 0x5a);
        nonce.writeUInt32BE(count++, 0);
        return { ...reply, text: reply.text.replace(/"nonce":"[^"]*"/, `"nonce":"${nonce.toString('base64url')}"`) };
      };
    }),
  },
  {
    id: 'stacie-server/one-nonce-for-a-user',
    breaks: 'STACIE-162',
    title: 'gives a username the same nonce every time',
    freshHooks: bendStacie(() => {
      const nonces = new Map<unknown, string>();
      return ({ content, ask }) => {
        const reply = ask();
        const nonce = /"nonce":"[^"]*"/.exec(reply.text)?.[0];
        if (reply.kind !== 'methods' || nonce === undefined) return reply;
        const first = nonces.get(content.username) ?? nonce;
        nonces.set(content.username, first);
        return { ...reply, text: reply.text.replace(nonce, first) };
      };
    }),
  },
  {
    id: 'stacie-server/replays-in-00',
    breaks: 'STACIE-161',
    title: 'takes a right attempt of revision 00 a second time',
    freshHooks: replaying,
  },
  {
    id: 'stacie-server/replays',
    breaks: 'STACIE-183',
    title: 'takes a right attempt a second time',
    freshHooks: replaying,
  },
  {
    id: 'stacie-server/failure-spends-nothing',
    breaks: 'STACIE-191',
    title: 'keeps a nonce open when the token was wrong',
    freshHooks: bendStacie(() => (passing) => {
      const right = rightToken(passing);
      const wrong = passing.kind === 'authenticate' && right !== null && passing.content.token !== right;
      return wrong ? answering('error', 'The authentication attempt failed.') : passing.ask();
    }),
  },
  {
    id: 'stacie-server/offers-the-spent-nonce',
    breaks: 'STACIE-190',
    title: 'answers a failed attempt with the nonce that was spent',
    freshHooks: bendPassword((password, { kind, content }) =>
      kind === 'authenticate' ? { ...password, nonce: content.nonce } : password,
    ),
  },
  {
    id: 'stacie-server/attempts-without-end',
    breaks: 'STACIE-192',
    title: 'allows any number of attempts',
    freshHooks: bendStacie(() => {
      let count = 0;
      return ({ kind, content, ask }) => {
        const reply = ask();
        if (!['login', 'authenticate'].includes(kind) || reply.kind !== 'error') return reply;
        count += 1;
        const other = ask('login', { username: `nobody-${count}` });
        return {
          ...other,
          text: other.text.replace(/"username":"[^"]*"/, () => `"username":${JSON.stringify(content.username)}`),
        };
      };
    }),
  },
  {
    id: 'stacie-server/garbles-the-token',
    breaks: 'STACIE-035',
    title: 'stores another verification token than was enrolled',
    freshHooks: bendRequests(['enroll'], (content) => ({
      ...content,
      'verification-token': String(content['verification-token']).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    })),
  },
  {
    id: 'stacie-server/takes-the-verification-token',
    breaks: 'STACIE-036',
    title: 'takes the verification token in the place of the login token',
    freshHooks: bendRequests(['authenticate'], (content, passing) => {
      const stored = accountIn(passing)?.verificationToken;
      const same = stored !== undefined && Buffer.from(stored).toString('base64url') === content.token;
      return same ? anyToken(content, passing) : content;
    }),
  },
  {
    id: 'stacie-server/takes-any-token',
    breaks: 'STACIE-186',
    title: 'takes any token',
    freshHooks: bendRequests(['authenticate'], (content, passing) =>
      content.token === undefined ? content : anyToken(content, passing),
    ),
  },
  {
    id: 'stacie-server/fetch-without-a-token',
    breaks: 'STACIE-093',
    title: 'takes any token for a fetch',
    freshHooks: bendRequests(['fetch'], anyToken),
  },
  {
    id: 'stacie-server/keys-as-in-03',
    breaks: 'STACIE-187',
    title: 'calls the members of keys label and shard',
    freshHooks: bendAnswers(['keys'], (entries: readonly Members[]) =>
      entries.map(({ realm, key, index }) => ({ label: realm, shard: key, index })),
    ),
  },
  {
    id: 'stacie-server/realms-as-in-00',
    breaks: 'STACIE-188',
    title: 'calls realms keys',
    freshHooks: bendStacie(() => ({ ask }) => {
      const reply = ask();
      return reply.kind === 'realms' ? { ...reply, text: reply.text.replace(/^\{"realms"/, '{"keys"') } : reply;
    }),
  },
  {
    id: 'stacie-server/labels-in-upper-case',
    breaks: 'STACIE-101',
    title: 'writes labels in upper case',
    freshHooks: bendAnswers(['realms'], (entries: readonly Members[]) =>
      entries.map((entry) => ({ ...entry, label: String(entry.label).toUpperCase() })),
    ),
  },
  {
    id: 'stacie-server/index-stands-still',
    breaks: 'STACIE-189',
    title: 'gives each shard of a realm the index 0',
    freshHooks: bendAnswers(rings, (entries: readonly Members[]) => entries.map((entry) => ({ ...entry, index: '0' }))),
  },
  {
    id: 'stacie-server/index-by-twos',
    breaks: 'STACIE-199',
    title: 'leaves out every second index',
    freshHooks: bendAnswers(rings, (entries: readonly Members[]) =>
      entries.map((entry) => ({ ...entry, index: String(2 * Number(entry.index)) })),
    ),
  },
  {
    id: 'stacie-server/fills-shards-up',
    breaks: 'STACIE-092',
    title: 'brings a shard of another length to 64 octets',
    freshHooks: bendRequests(['add'], (content) => {
      const shard = Buffer.alloc(64);
      Buffer.from(String(content.shard), 'base64url').copy(shard);
      return { ...content, shard: shard.toString('base64url') };
    }),
  },
  {
    id: 'stacie-server/fetch-forgets-the-last',
    breaks: 'STACIE-197',
    title: 'leaves the last shard out of the answer to a fetch',
    freshHooks: bendAnswers(rings, (entries: readonly Members[], { kind }) =>
      kind === 'fetch' ? entries.slice(0, -1) : entries,
    ),
  },
  {
    id: 'stacie-server/fetches-all',
    breaks: 'STACIE-198',
    title: 'answers a fetch of one realm with all',
    freshHooks: bendRequests(['fetch'], ({ label: _, index: __, ...content }) => content),
  },
];
