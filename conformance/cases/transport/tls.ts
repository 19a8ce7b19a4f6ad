/** TLS: from the first octet, in which versions, with which suites. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable } from '../../runner/outcome.js';
import { HandshakeRefused } from '../../target/tls-connect.js';
import { type Case, defineCase, nothing } from '../case.js';

/** OpenSSL offers the old versions only when told that this is meant. */
const anySecurityLevel = 'DEFAULT:@SECLEVEL=0';

export const cases: readonly Case[] = [
  defineCase({
    id: 'transport/tls/from-the-first-octet',
    title: 'The DMTP port speaks TLS from the first octet, and nothing in the clear.',
    class: 'transport-security',
    decides: ['DMTP-001'],
    needs: ['dmtp'],
    mostRuns: 3,
    given: nothing,
    async check(_, context) {
      const plain = await context.plain();
      context.require('DMTP-001', await plain.silent(), 'no octet before the handshake', () =>
        JSON.stringify(plain.unread),
      );
      plain.close();
      const { connection, protocol } = await handshake(context, 'DMTP-001', {});
      const banner = await connection.reply(context.profile.limits.connectMs);
      context.require('DMTP-001', protocol !== null && banner.code === 220, 'TLS and the banner inside it', banner);
    },
  }),
  defineCase({
    id: 'transport/tls/1-2-or-later',
    title: 'TLS 1.2 or later is negotiated, and a client that offers nothing later than TLS 1.1 is refused.',
    class: 'transport-security',
    decides: ['DMTP-003'],
    needs: ['dmtp'],
    mostRuns: 6,
    given: () => fc.constantFrom('TLSv1', 'TLSv1.1', 'TLSv1.2', 'any'),
    async check(offered, context) {
      if (offered === 'TLSv1' || offered === 'TLSv1.1') {
        const outcome = await context
          .secure({ minVersion: 'TLSv1', maxVersion: offered, ciphers: anySecurityLevel })
          .then(({ protocol }) => `a session over ${protocol}`)
          .catch((error: unknown) => refusalOf(error));
        context.require(
          'DMTP-003',
          outcome === null,
          `the handshake with ${offered} at most to be refused`,
          outcome ?? '',
        );
        return;
      }
      const wishes = offered === 'any' ? {} : ({ minVersion: offered, maxVersion: offered } as const);
      const { protocol } = await handshake(context, 'DMTP-003', wishes);
      context.require(
        'DMTP-003',
        protocol === 'TLSv1.2' || protocol === 'TLSv1.3',
        'TLS 1.2 or later',
        protocol ?? 'no TLS',
      );
    },
  }),
  defineCase({
    id: 'transport/tls/ecdhe-rsa-aes256-gcm-sha384',
    title: 'A TLS 1.2 client that offers ECDHE-RSA-AES256-GCM-SHA384 alone is served.',
    class: 'transport-security',
    decides: ['DMTP-004'],
    needs: ['dmtp'],
    mostRuns: 2,
    given: nothing,
    async check(_, context) {
      const { cipher, connection } = await handshake(context, 'DMTP-004', {
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-RSA-AES256-GCM-SHA384',
      });
      context.require('DMTP-004', cipher === 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'that suite', cipher);
      const banner = await connection.reply(context.profile.limits.connectMs);
      context.require('DMTP-004', banner.code === 220, 'the banner over that suite', banner);
    },
  }),
  defineCase({
    id: 'transport/tls/ecdhe-rsa-chacha20-poly1305',
    title: 'A TLS 1.2 client that offers ECDHE-RSA-CHACHA20-POLY1305 alone may be served.',
    class: 'transport-security',
    decides: ['DMTP-005'],
    needs: ['dmtp'],
    mostRuns: 1,
    given: nothing,
    async check(_, context) {
      const outcome = await context
        .secure({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' })
        .then(() => true)
        .catch((error: unknown) => refusalOf(error) !== null);
      context.took('DMTP-005', outcome, outcome ? 'the handshake was done' : 'the handshake was refused');
    },
  }),
];

/** Null when the peer refused the handshake itself; throws what is no verdict. */
function refusalOf(error: unknown): string | null {
  if (error instanceof HandshakeRefused && (error.how === 'alert' || error.how === 'closed' || error.how === 'reset'))
    return null;
  throw error;
}

/** A handshake that has to succeed: its refusal by the peer breaks the requirement. */
async function handshake(
  context: CaseContext,
  requirement: string,
  wishes: Parameters<CaseContext['secure']>[0],
): ReturnType<CaseContext['secure']> {
  try {
    return await context.secure(wishes);
  } catch (error) {
    if (error instanceof HandshakeRefused && error.how !== 'local') {
      context.require(requirement, false, 'the TLS handshake to be done', error.message);
    }
    throw error instanceof Unreachable ? error : new Unreachable(String(error));
  }
}
