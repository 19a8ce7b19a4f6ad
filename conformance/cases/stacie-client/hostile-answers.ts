/** Answers that no client may go on with: short, broken, without an end, or from somebody else. */
import fc from 'fast-check';
import { makeServerCertificate } from '../../target/hostile-certificate.js';
import type { HostileAnswer } from '../../target/hostile-stacie.js';
import type { Case } from '../case.js';
import { clientCase, mustStop, plays, stopsAt, varied } from './client-case.js';
import type { Play } from './play.js';

const says = (text: (right: string) => HostileAnswer) => (): Partial<Play> => ({ text });
const body = (change: (right: string) => string) => says((right) => ({ body: change(right) }));

/** Puts a text into the nonce, so that what is left after skipping it would be the right one. */
const inNonce = (text: string) => body((right) => right.replace(/("nonce":".{9})/, `$1${text}`));

const broken: readonly (readonly [string, (script: Play) => Partial<Play>])[] = [
  ['an answer without its last brace', body((right) => right.slice(0, -1))],
  ['an answer cut in the middle', body((right) => right.slice(0, right.length / 2))],
  ['an answer with something behind it', body((right) => `${right}{}`)],
  ['an answer with a second message in it', body((right) => `${right.slice(0, -1)},"error":"no"}`)],
  ['an error', body(() => '{"error":"The authentication attempt failed."}')],
  ['a page', says(() => ({ body: '<html>{"methods":[]}</html>', headers: { 'Content-Type': 'text/html' } }))],
  ['a redirection', says(() => ({ status: 302, headers: { Location: '/elsewhere' }, body: '' }))],
  ['nothing', body(() => '')],
  ['a list', body((right) => `[${right}]`)],
  ['no methods', body(() => '{"methods":[]}')],
  [
    'octets that are no UTF-8',
    says((right) => ({ body: Buffer.from(right.replace('"required"', '"required","x":"\u00ff"'), 'latin1') })),
  ],
  ['silence', says(() => 'silence')],
  ['a body without an end', says(() => 'endless')],
];

/** Certificates that a client must not believe in for 127.0.0.1; made when they are first needed. */
const certificates = {
  'of an authority that nobody knows': () => makeServerCertificate(['127.0.0.1']),
  'for another name': () => makeServerCertificate(['stacie.other.example']),
  'that has ended': () => makeServerCertificate(['127.0.0.1'], -1),
} as const;

export const cases: readonly Case[] = [
  stopsAt(
    'answers/broken',
    'STACIE-008',
    'An answer that is no JSON text of methods ends the login, and does not hold the client.',
    varied(broken),
    13,
  ),
  stopsAt(
    'answers/characters-outside-base64url',
    'STACIE-010',
    'A nonce with a character that no base64 has, or cut to a length that none has, ends the login.',
    varied([
      ['a star in the nonce', inNonce('*')],
      ['an exclamation mark', inNonce('!')],
      ['a full stop', inNonce('.')],
      ['one character too many', body((right) => right.replace(/("nonce":"[^"]{88})[^"]*"/, '$1A"'))],
    ]),
  ),
  stopsAt(
    'answers/white-space-in-base64url',
    'STACIE-012',
    'A nonce with white space or a control character in it ends the login.',
    varied([
      ['a line end', inNonce('\\n')],
      ['a space', inNonce(' ')],
      ['a NUL', inNonce('\\u0000')],
    ]),
  ),
  stopsAt(
    'answers/short-salt',
    'STACIE-064',
    'A salt of fewer than 64 octets ends the login, and so does one of none.',
    fc
      .tuple(plays, fc.constantFrom(0, 1, 16, 32, 63))
      .map(([script, saltOctets]) => ({ script: { ...script, saltOctets }, to: `a salt of ${saltOctets} octets` })),
  ),
  stopsAt(
    'answers/short-nonce',
    'STACIE-087',
    'A nonce of fewer than 64 octets ends the login.',
    fc
      .tuple(plays, fc.constantFrom(0, 1, 16, 32, 63))
      .map(([script, nonce]) => ({ script: { ...script, nonce }, to: `a nonce of ${nonce} octets` })),
  ),
  stopsAt(
    'answers/two-password-methods',
    'STACIE-178',
    'Two required password methods cannot both be satisfied: the login ends.',
    varied([
      [
        'a second password method',
        (script) => ({
          after: [{ password: { username: script.returned, nonce: 'A'.repeat(86), disposition: 'required' } }],
        }),
      ],
    ]),
    2,
  ),
  clientCase({
    id: 'stacie-client/tls/certificate-validated',
    title:
      'A certificate that is for another name, has ended, or is of nobody known ends the login before anything is said.',
    decides: ['STACIE-215'],
    mostRuns: 6,
    given: fc.tuple(plays, fc.constantFrom(...(Object.keys(certificates) as (keyof typeof certificates)[]))),
    async check([script, kind], context) {
      const certificate = await certificates[kind]();
      const trusted = kind !== 'of an authority that nobody knows';
      const outcome = await mustStop(
        context,
        'STACIE-215',
        { ...script, trusted, server: { certificate } },
        `a certificate ${kind}`,
      );
      context.require(
        'STACIE-215',
        outcome.bodies.length === 0,
        `nothing to be said to a server with a certificate ${kind}`,
        () => outcome.bodies.join(' ').slice(0, 300),
      );
    },
  }),
  clientCase({
    id: 'stacie-client/tls/1-2-or-later',
    title: 'A server that has nothing later than TLS 1.1 is told nothing.',
    decides: ['STACIE-212'],
    mostRuns: 1,
    given: plays,
    async check(script, context) {
      const server = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
      const outcome = await mustStop(context, 'STACIE-212', { ...script, server }, 'TLS 1.1');
      context.require('STACIE-212', outcome.bodies.length === 0, 'nothing to be said over TLS 1.1', () =>
        outcome.bodies.join(' ').slice(0, 300),
      );
    },
  }),
];
