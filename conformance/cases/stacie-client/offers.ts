/** What a client makes of the methods that it is offered (section 3.2 of the STACIE digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { base64url, type Members } from '../stacie-server/messages.js';
import { clientCase, fate, logsIn, mustLogIn, mustStop, plays, stopsAt, varied } from './client-case.js';
import { type Play, play } from './play.js';

const members = (changed: Members) => (): Partial<Play> => ({ members: changed });
const optional: Members = { otp: { digits: '6', disposition: 'optional' } };
const unknownRequired: readonly (readonly [string, () => Partial<Play>])[] = [
  ['a required method that nobody knows behind it', () => ({ after: [{ otp: { disposition: 'required' } }] })],
  ['a required method that nobody knows before it', () => ({ before: [{ otp: { disposition: 'required' } }] })],
  ['an unknown method without a disposition', () => ({ after: [{ 'x-token': {} }] })],
];

export const cases: readonly Case[] = [
  clientCase({
    id: 'stacie-client/methods/unknown-optional',
    title: 'A client may go on when an optional method is one that it does not know.',
    decides: ['STACIE-004'],
    given: fc.tuple(plays, fc.boolean()),
    async check([script, first], context) {
      const outcome = await play(context, { ...script, ...(first ? { before: [optional] } : { after: [optional] }) });
      context.took('STACIE-004', outcome.authenticated, fate(outcome).slice(0, 100));
    },
  }),
  clientCase({
    id: 'stacie-client/methods/unknown-required-may-be-told',
    title:
      'A client may meet a required method that it does not know, and then ends the login before it sends a token.',
    decides: ['STACIE-153'],
    given: varied(unknownRequired),
    async check({ script, to }, context) {
      const outcome = await play(context, script);
      context.took('STACIE-153', outcome.attempts.length === 0, `at ${to}: ${fate(outcome).slice(0, 100)}`);
    },
  }),
  stopsAt(
    'methods/all-required-ones',
    'STACIE-178',
    'A client does not log in by one of two required methods.',
    varied(unknownRequired),
  ),
  logsIn(
    'disposition/missing',
    'STACIE-177',
    'A method without a disposition is required: the client uses it.',
    varied([
      ['no disposition', members({ disposition: undefined })],
      ['disposition optional', members({ disposition: 'optional' })],
    ]),
  ),
  stopsAt(
    'disposition/other-words',
    'STACIE-177',
    'A disposition that is neither `required` nor `optional` ends the login.',
    varied(
      ['REQUIRED', 'OPTIONAL', 'maybe', '', 7].map(
        (disposition) => [`disposition ${JSON.stringify(disposition)}`, members({ disposition })] as const,
      ),
    ),
  ),
  clientCase({
    id: 'stacie-client/methods/required-parameters-alone',
    title: 'A client may take a password method with its required parameters alone.',
    decides: ['STACIE-179'],
    given: plays,
    async check(script, context) {
      const bare = { bonus: undefined, hash: undefined, cipher: undefined, disposition: undefined };
      const outcome = await play(context, { ...script, members: bare });
      context.took('STACIE-179', outcome.authenticated, fate(outcome).slice(0, 100));
    },
  }),
  logsIn(
    'hash/sha2',
    'STACIE-168',
    'The hash `sha2` is taken, as a string and as an object.',
    varied([
      ['"sha2"', members({ hash: 'sha2' })],
      ['{"sha2":{...}}', members({ hash: { sha2: { block: 512, digest: 512 } } })],
    ]),
    4,
  ),
  clientCase({
    id: 'stacie-client/hash/others',
    title: 'A client may take skein or sha3; when it does not, it stops, and it never uses SHA2-512 in their place.',
    decides: ['STACIE-169'],
    mostRuns: 5,
    given: fc.tuple(
      plays,
      fc.constantFrom<unknown>('skein', 'sha3', 'md5', 'SHA2', '', { skein: { block: 512, digest: 512 } }, null),
    ),
    async check([script, hash], context) {
      const outcome = await play(context, { ...script, members: { hash } });
      const sha2 = outcome.derivations.map(({ ephemeralLoginToken }) =>
        base64url(ephemeralLoginToken ?? new Uint8Array(0)),
      );
      const fell = outcome.authenticated || outcome.attempts.some(({ token }) => sha2.includes(String(token)));
      context.require('STACIE-169', !fell, `no token by SHA2-512 for the hash ${JSON.stringify(hash)}`, () =>
        fate(outcome),
      );
      context.took('STACIE-169', outcome.attempts.length > 0, `hash ${JSON.stringify(hash)}`);
    },
  }),
  logsIn(
    'hash/missing',
    'STACIE-170',
    'A hash that is missing is `sha2`.',
    varied([['no hash', members({ hash: undefined })]]),
  ),
  logsIn(
    'hash/missing-parameters',
    'STACIE-171',
    'A block or digest that is missing is 512.',
    varied(
      [
        [{}, 'none'],
        [{ block: 512 }, 'block alone'],
        [{ digest: 512 }, 'digest alone'],
      ].map(([sha2, name]) => [`parameters: ${String(name)}`, members({ hash: { sha2 } })] as const),
    ),
    4,
  ),
  stopsAt(
    'hash/other-parameters',
    'STACIE-171',
    'Another block or digest than 512 ends the login.',
    varied(
      [{ digest: 256 }, { block: 1024 }, { block: 512, digest: 384 }, { digest: 0 }].map(
        (sha2) => [JSON.stringify(sha2), members({ hash: { sha2 } })] as const,
      ),
    ),
  ),
  logsIn(
    'cipher/aes',
    'STACIE-173',
    'The cipher `aes` is taken, as a string and as an object.',
    varied([
      ['"aes"', members({ cipher: 'aes' })],
      ['{"aes":{...}}', members({ cipher: { aes: { mode: 'gcm', key: 256 } } })],
    ]),
    4,
  ),
  logsIn(
    'cipher/missing',
    'STACIE-174',
    'A cipher that is missing is `aes`.',
    varied([['no cipher', members({ cipher: undefined })]]),
  ),
  stopsAt(
    'cipher/unknown',
    'STACIE-174',
    'A cipher that is there and not known ends the login.',
    varied(
      ['des', 'AES', '', null, { rc4: {} }].map(
        (cipher) => [`cipher ${JSON.stringify(cipher)}`, members({ cipher })] as const,
      ),
    ),
  ),
  logsIn(
    'cipher/missing-parameters',
    'STACIE-175',
    'A mode that is missing is gcm, a key that is missing is 256.',
    varied(
      [{}, { mode: 'gcm' }, { key: 256 }].map((aes) => [JSON.stringify(aes), members({ cipher: { aes } })] as const),
    ),
    4,
  ),
  stopsAt(
    'cipher/other-parameters',
    'STACIE-175',
    'Another mode than gcm or another key than 256 ends the login.',
    varied(
      [{ mode: 'cbc' }, { key: 128 }, { mode: 'gcm', key: 192 }, { mode: 'GCM' }].map(
        (aes) => [JSON.stringify(aes), members({ cipher: { aes } })] as const,
      ),
    ),
  ),
  clientCase({
    id: 'stacie-client/cipher/chacha-in-00',
    title: 'A client of revision 00 may take chacha; with parameters that the draft does not have, it stops.',
    decides: ['STACIE-176'],
    given: plays.map((script): Play => ({ ...script, revision: '00' })),
    async check(script, context) {
      await mustStop(
        context,
        'STACIE-176',
        { ...script, members: { cipher: { chacha: { key: 40 } } } },
        'chacha with a key of 40 bits',
      );
      const outcome = await play(context, { ...script, members: { cipher: 'chacha' } });
      context.took('STACIE-176', outcome.authenticated, fate(outcome).slice(0, 100));
    },
  }),
  logsIn(
    'bonus/missing',
    'STACIE-166',
    'A bonus that is missing is 0.',
    varied([['no bonus', members({ bonus: undefined })]]),
  ),
  clientCase({
    id: 'stacie-client/bonus/0-to-1024',
    title: 'Every bonus from 0 to 1,024 is taken, as a string of digits and as a JSON integer.',
    decides: ['STACIE-164'],
    mostRuns: 6,
    given: fc.tuple(
      plays,
      fc.oneof(fc.constantFrom(0, 1, 1023, 1024), fc.integer({ min: 0, max: 1024 })),
      fc.boolean(),
    ),
    async check([script, bonus, integer], context) {
      const written = integer ? bonus : String(bonus);
      await mustLogIn(
        context,
        'STACIE-164',
        { ...script, bonus, members: { bonus: written } },
        `the bonus ${JSON.stringify(written)}`,
      );
    },
  }),
  logsIn(
    'bonus/in-addition',
    'STACIE-163',
    'The rounds of the bonus are performed in addition to the base rounds.',
    fc
      .tuple(plays, fc.integer({ min: 8, max: 1000 }))
      .map(([script, bonus]) => ({ script: { ...script, bonus }, to: `the bonus ${bonus}` })),
    4,
  ),
  clientCase({
    id: 'stacie-client/bonus/more',
    title: 'A client may take a bonus above 1,024; one above 16,777,216, or no number, it does not cut to another one.',
    decides: ['STACIE-165'],
    given: fc.tuple(plays, fc.constantFrom<unknown>('16777217', '4294967296', 4294967297, '-1', '1e3', '0x10', 1.5)),
    async check([script, wrong], context) {
      await mustStop(
        context,
        'STACIE-165',
        { ...script, members: { bonus: wrong } },
        `the bonus ${JSON.stringify(wrong)}`,
      );
      const outcome = await play(context, { ...script, bonus: 4096 });
      context.took('STACIE-165', outcome.authenticated, `bonus 4096: ${fate(outcome).slice(0, 100)}`);
    },
  }),
];
