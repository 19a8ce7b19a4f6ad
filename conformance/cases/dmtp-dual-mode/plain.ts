/** Steps and lines of the cases on the plain port. */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import type { DmtpConnection, PeerReply } from '../../target/dmtp-connection.js';
import type { TargetProfile } from '../../target/profile.js';
import { step } from '../dmtp/answers.js';
import { aFingerprint, domains, ehlo, mail, ownDomain, rcpt } from '../dmtp/lines.js';

/** The host whose certificate is asked for. */
export const hostOf = ({ plain, domain }: TargetProfile): string => plain?.name ?? `dx.${domain}`;

export const starttls = (host: string, mode = ' MODE=DMTPv1'): string => `STARTTLS <${host}>${mode}`;

/** A host that nobody can have a certificate for, in a form that is right. */
export const unknownHosts = ({ foreignDomain }: TargetProfile): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(foreignDomain, `dx.${foreignDomain}`), domains);

/** STARTTLS, handshake, and the first line inside. @throws Unreachable when STARTTLS is refused */
export async function secured(
  context: CaseContext,
  plain: DmtpConnection,
): Promise<{ readonly connection: DmtpConnection; readonly first: PeerReply }> {
  await step(context, plain, starttls(hostOf(context.profile)));
  const connection = await context.startTls(plain);
  return { connection, first: await connection.reply() };
}

/** Commands that need TLS, with arguments that are right, in both dialects. */
export function commandsInTls(profile: TargetProfile): string[] {
  const domain = ownDomain(profile);
  const name = profile.signets?.[0]?.name ?? domain;
  return [
    ehlo,
    'EHLO HOST=<suite.example>',
    'HELO <suite.example>',
    mail(),
    `MAIL FROM=<origin.example> FINGERPRINT=[${aFingerprint}]`,
    rcpt(domain),
    `RCPT TO=<${domain}> FINGERPRINT=[${aFingerprint}]`,
    'DATA [none]',
    'DATA',
    `SGNT <${name}>`,
    `SGNT ${name.includes('@') ? 'USER' : 'DOMAIN'}=<${name}>`,
    `HIST <${name}> [${aFingerprint}]`,
    `VRFY <${name}> [${aFingerprint}]`,
    'STATS',
    'HELP',
    'NOOP',
    'RSET',
    'VERB',
  ].filter((line) => !profile.disabled.some((verb) => line.startsWith(verb)));
}

/** What an SMTP client says first on a port that it takes for one of SMTP. */
export const smtpLines = ['EHLO suite.example', 'HELO suite.example', 'AUTH PLAIN', 'ETRN suite.example', 'STARTTLS'];
