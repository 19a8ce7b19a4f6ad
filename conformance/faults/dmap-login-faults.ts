/** Seeded faults of a DMAP server: capabilities and the login. */
import type { ReferenceHooks } from '../target/embedded.js';
import {
  answerCommand,
  bendDmap,
  bendSessionOptions,
  bendStore,
  dmapTag,
  replaceCommand,
  replaceResponse,
} from './dmap-bending.js';
import type { Fault } from './fault.js';

const bad = (line: string): string => `${dmapTag(line)} BAD No.\r\n`;
const refuses = (which: RegExp): ReferenceHooks => answerCommand(which, bad);
/** The listing of CAPABILITY is another. */
const listing = (change: (listing: string) => string): ReferenceHooks => replaceResponse(/^\* CAPABILITY/, change);
const more = (name: string): ReferenceHooks => listing((text) => text.replace('\r\n', ` ${name}\r\n`));
/** The code of the login is another. */
const loginCode = (change: (completion: string) => string): ReferenceHooks =>
  replaceResponse(/^[^*+]\S* OK \[CAPABILITY/, change);

/** After the login everything is wrapped as a SASL layer does it, though none was negotiated. */
const wrapped = (completion: (right: string) => string): ReferenceHooks =>
  bendDmap(() => {
    let inside = false;
    return {
      response: (response) => {
        if (inside) return `\0\0\0${String.fromCharCode(response.length % 256)}${response}`;
        inside = /^[^*+]\S* OK \[CAPABILITY/.test(response);
        return inside ? completion(response) : response;
      },
    };
  });

const capabilities: readonly Fault[] = [
  {
    id: 'dmap-server/two-listings',
    breaks: 'DMAP-159',
    title: 'sends the listing twice',
    hooks: listing((text) => text + text),
  },
  {
    id: 'dmap-server/unknown-mode',
    breaks: 'DMAP-160',
    title: 'has the mode OPEN',
    hooks: listing((text) => text.replace('TRUSTFUL', 'OPEN')),
  },
  {
    id: 'dmap-server/listing-without-mode',
    breaks: 'DMAP-421',
    title: 'tells no mode after the login',
    hooks: loginCode((text) => text.replace('DMAP=TRUSTFUL ', '')),
  },
  {
    id: 'dmap-server/unknown-mode-of-users',
    breaks: 'DMAP-422',
    title: 'tells users the mode OPEN',
    hooks: loginCode((text) => text.replace('TRUSTFUL', 'OPEN')),
  },
  {
    id: 'dmap-server/literal-plus-refused',
    breaks: 'DMAP-424',
    title: 'offers LITERAL+ and refuses such literals',
    hooks: refuses(/\{\d+\+\}\r\n$/),
  },
  {
    id: 'dmap-server/uidplus-refused',
    breaks: 'DMAP-425',
    title: 'offers UIDPLUS and does not know UID EXPUNGE',
    hooks: refuses(/ UID EXPUNGE/),
  },
  {
    id: 'dmap-server/mechanism-by-another-name',
    breaks: 'DMAP-161',
    title: 'announces STACIE as SASL=STACIE',
    hooks: listing((text) => text.replace('AUTH=', 'SASL=')),
  },
  {
    id: 'dmap-server/x-before-auth',
    breaks: 'DMAP-162',
    title: 'announces an experimental mechanism as XAUTH=',
    hooks: more('XAUTH=SUITE'),
  },
  {
    id: 'dmap-server/plain-passwords',
    breaks: 'DMAP-189',
    title: 'takes PLAIN',
    hooks: bendSessionOptions((options) => ({ ...options, plain: true })),
  },
  {
    id: 'dmap-server/plain-passwords-only',
    breaks: 'DMAP-191',
    title: 'announces PLAIN only',
    hooks: listing((text) => text.replace('STACIE', 'PLAIN')),
  },
  {
    id: 'dmap-server/mechanisms-not-listed',
    breaks: 'DMAP-193',
    title: 'lists no mechanism',
    hooks: listing((text) => text.replace(' AUTH=STACIE', '')),
  },
  {
    id: 'dmap-server/mechanism-not-there',
    breaks: 'DMAP-192',
    title: 'announces SCRAM and does not have it',
    hooks: more('AUTH=SCRAM-SHA-256'),
  },
  {
    id: 'dmap-server/anonymous-not-there',
    breaks: 'DMAP-171',
    title: 'announces ANONYMOUS and does not have it',
    hooks: more('AUTH=ANONYMOUS'),
  },
  {
    id: 'dmap-server/login-tells-others',
    breaks: 'DMAP-198',
    title: 'tells other capabilities at the login than later',
    hooks: loginCode((text) => text.replace(' LITERAL+', '')),
  },
  {
    id: 'dmap-server/login-without-code',
    breaks: 'DMAP-194',
    title: 'has no CAPABILITY code at the login',
    hooks: loginCode((text) => text.replace(/\[.*\] /, '')),
  },
  {
    id: 'dmap-server/told-once',
    breaks: 'DMAP-428',
    title: 'tells its capabilities at the login only',
    hooks: replaceResponse(/^\* OK \[CAPABILITY/, '* OK Ready.\r\n'),
  },
  {
    id: 'dmap-server/layer-unasked',
    breaks: 'DMAP-176',
    spreads: 'every case begins with a greeting and a login',
    title: 'wraps what follows the login',
    hooks: wrapped((text) => text.replace(/\[.*\] /, '')),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmap-server/code-and-layer',
    breaks: 'DMAP-196',
    spreads: 'every case begins with a greeting and a login',
    title: 'wraps what follows the login and tells its capabilities before',
    hooks: wrapped((text) => text),
    limits: { replyMs: 400 },
  },
];

const usernameIn = (message: string | Uint8Array): string =>
  (JSON.parse(Buffer.from(message).toString('utf8')) as { login?: { username?: string } }).login?.username ?? '';

const login: readonly Fault[] = [
  {
    id: 'dmap-server/login-without-effect',
    breaks: 'DMAP-170',
    title: 'refuses LIST after the login',
    hooks: refuses(/ LIST /),
  },
  {
    id: 'dmap-server/no-authenticate',
    breaks: 'DMAP-186',
    title: 'does not know AUTHENTICATE with another mechanism',
    hooks: refuses(/ AUTHENTICATE (?!STACIE)/),
  },
  {
    id: 'dmap-server/believes-every-proof',
    breaks: 'DMAP-187',
    title: 'lets in who proves another password',
    hooks: bendSessionOptions((options) => ({
      ...options,
      beginStacie: () => {
        const next = options.beginStacie();
        let username: string | null = null;
        return (message) => {
          const step = next(message);
          if (step.kind === 'refused' && username !== null)
            return { kind: 'authenticated', username, text: '{"realms":[]}' };
          if (step.kind === 'challenge') username = usernameIn(message);
          return step;
        };
      },
    })),
  },
  {
    id: 'dmap-server/right-proof-refused',
    breaks: 'DMAP-175',
    spreads: 'every case begins with a greeting and a login',
    title: 'refuses the right proof at the end of the exchange',
    hooks: loginCode((text) => text.replace(' OK ', ' NO ')),
  },
  {
    id: 'dmap-server/no-initial-response',
    breaks: 'DMAP-178',
    spreads: 'every case begins with a greeting and a login',
    title: 'passes over the initial response',
    hooks: replaceCommand(/ AUTHENTICATE STACIE ./, (line) => `${dmapTag(line)} AUTHENTICATE STACIE\r\n`),
  },
  {
    id: 'dmap-server/everybody-is-the-first',
    breaks: 'DMAP-201',
    title: 'gives the mailboxes of the first user to everybody',
    hooks: bendStore((store) => ({ account: () => store.accounts()[0] ?? null })),
  },
  {
    id: 'dmap-server/challenges-as-they-are',
    breaks: 'DMAP-180',
    spreads: 'every case begins with a greeting and a login',
    title: 'sends challenges without base64',
    hooks: replaceResponse(
      /^\+ [A-Za-z0-9+/]{8}/,
      (text) => `+ ${Buffer.from(text.slice(2), 'base64').toString('latin1')}\r\n`,
    ),
  },
  {
    id: 'dmap-server/no-for-cancelled',
    breaks: 'DMAP-183',
    title: 'answers a cancelled exchange with NO',
    hooks: replaceResponse(/ BAD The exchange is cancelled/, (text) => text.replace('BAD', 'NO')),
  },
  {
    id: 'dmap-server/no-for-wrong-base64',
    breaks: 'DMAP-184',
    title: 'answers what is not base64 with NO',
    hooks: replaceResponse(/ BAD That line is not base64/, (text) => text.replace('BAD', 'NO')),
  },
  {
    id: 'dmap-server/bad-for-unknown-mechanisms',
    breaks: 'DMAP-177',
    title: 'answers unknown mechanisms with BAD',
    hooks: replaceResponse(/ NO \[CANNOT\] That mechanism/, (text) => text.replace('NO [CANNOT]', 'BAD')),
  },
  {
    id: 'dmap-server/bad-for-wrong-passwords',
    breaks: 'DMAP-202',
    title: 'answers a wrong proof with BAD',
    hooks: replaceResponse(/ NO \[AUTHENTICATIONFAILED\]/, (text) => text.replace(/NO \[\S+\]/, 'BAD')),
  },
  {
    id: 'dmap-server/one-attempt',
    breaks: 'DMAP-199',
    title: 'refuses every login after one that failed',
    hooks: bendDmap(() => {
      let failed = false;
      return {
        response: (response) => {
          failed ||= / NO (?:\[\w+\] )?(?:That mechanism|The authentication)/.test(response);
          return response;
        },
        line: (line, ask) => (failed && / AUTHENTICATE/.test(line) ? bad(line) : ask(line)),
      };
    }),
  },
];

export const faults: readonly Fault[] = [...capabilities, ...login];
