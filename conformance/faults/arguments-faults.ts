/** Seeded faults of a DMTP server: arguments, right and wrong. */
import type { Fault } from './fault.js';
import { answerLines, rewriteLines, rewriteReplies, says } from './session-bending.js';

const valueFaults: readonly Fault[] = [
  {
    id: 'dmtp/any-text-a-domain-in-mail',
    breaks: 'DMTP-082',
    title: 'takes any text for a domain at MAIL',
    hooks: rewriteLines(/^MAIL/i, (line) => line.replace(/<([^>]*)>/, (_, name: string) => `<${plainly(name)}>`)),
  },
  {
    id: 'dmtp/any-text-a-domain-in-sgnt',
    breaks: 'DMTP-082',
    title: 'takes any text for a domain at SGNT, and finds none',
    hooks: rewriteLines(/^SGNT <[^@>]*>/i, (line) =>
      line.replace(/<([^>]*)>/, (_, name: string) => `<${plainly(name)}>`),
    ),
  },
  {
    id: 'dmtp/wrong-domain-fails',
    breaks: 'DMTP-082',
    title: 'answers EHLO with a wrong domain with 554',
    hooks: rewriteReplies(/^EHLO </i, (reply) => reply.replace(/^501 INVALID/, '554 INVALID')),
  },
  {
    id: 'dmtp/domains-with-two-hyphens-refused',
    breaks: 'DMTP-082',
    title: 'refuses a domain with two hyphens in a row',
    hooks: answerLines(/^(?:EHLO|MAIL|SGNT).*<[^>]*--/i, says('501 INVALID DOMAIN.')),
  },
  {
    id: 'dmtp/dots-anywhere-in-an-address',
    breaks: 'DMTP-083',
    title: 'takes full stops anywhere in a local part',
    hooks: rewriteLines(/^(?:SGNT|VRFY) </i, (line) =>
      line.replace(/<([^@>]*)@/, (_, local: string) => `<${local.replace(/^\.+|\.+$/g, '').replace(/\.+/g, '.')}@`),
    ),
  },
  {
    id: 'dmtp/address-without-domain',
    breaks: 'DMTP-083',
    title: 'looks for an address that has no domain',
    hooks: answerLines(/^(?:SGNT|VRFY) <[^@>]+@>/i, says('450 SIGNET NOT FOUND.')),
  },
  {
    id: 'dmtp/plus-in-an-address-refused',
    breaks: 'DMTP-083',
    title: 'refuses a local part with other characters than letters, digits, dots and hyphens',
    hooks: answerLines(/^(?:SGNT|VRFY) <[^>@]*[^A-Za-z0-9.@>-]/i, says('501 INVALID PARAMETER.')),
  },
  {
    id: 'dmtp/rcpt-without-fingerprint-taken',
    breaks: 'DMTP-096',
    title: 'takes RCPT without a fingerprint',
    hooks: rewriteLines(/^RCPT TO: <[^>]*>\s*(?:\[\])?\s*$/i, (line) => line.replace(/>.*$/s, '> [none]\r\n')),
  },
  {
    id: 'dmtp/rcpt-without-fingerprint-unknown',
    breaks: 'DMTP-096',
    title: 'answers RCPT without a fingerprint with 500',
    hooks: answerLines(/^RCPT TO: <[^>]*>\s*$/i, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp/text-behind-rcpt-ignored',
    breaks: 'DMTP-097',
    title: 'ignores text behind the fingerprint of RCPT',
    hooks: rewriteLines(/^RCPT/i, (line) => line.replace(/(\[[^\]]*\]).*$/s, '$1\r\n')),
  },
  {
    id: 'dmtp/text-behind-data-ignored',
    breaks: 'DMTP-097',
    title: 'ignores text behind the hash of DATA',
    hooks: rewriteLines(/^DATA/i, (line) => line.replace(/(\[[^\]]*\]).*$/s, '$1\r\n')),
  },
  {
    id: 'dmtp/text-behind-ehlo-ignored',
    breaks: 'DMTP-098',
    title: 'ignores text behind the domain of EHLO',
    hooks: rewriteLines(/^EHLO/i, (line) => line.replace(/(<[^>]*>).*$/s, '$1\r\n')),
  },
  {
    id: 'dmtp/text-behind-sgnt-unknown',
    breaks: 'DMTP-098',
    title: 'answers text behind the arguments of SGNT and VRFY with 500',
    hooks: answerLines(/^(?:SGNT|VRFY).*\] [a-z0-9]/i, says('500 INVALID COMMAND')),
  },
];

const mailFaults: readonly Fault[] = [
  {
    id: 'dmtp/mail-7bit-unknown',
    breaks: 'DMTP-050',
    title: 'does not know DATA=7BIT',
    hooks: answerLines(/^MAIL.*DATA=7BIT\b/i, says('501 INVALID MAIL FROM PARAMETER.')),
  },
  {
    id: 'dmtp/mail-return-unsupported',
    breaks: 'DMTP-050',
    title: 'does not know RETURN',
    hooks: answerLines(/^MAIL.*RETURN=/i, says('501 UNSUPPORTED MAIL FROM PARAMETER.')),
  },
  {
    id: 'dmtp/mail-without-size-taken',
    breaks: 'DMTP-091',
    title: 'takes MAIL without SIZE in the positional dialect',
    hooks: rewriteLines(/^MAIL FROM: <[^>]*> \[[^\]]+\](?!.*SIZE=)/i, (line) => line.replace(/\s*$/, ' SIZE=100\r\n')),
  },
  {
    id: 'dmtp/mail-without-fingerprint-taken',
    breaks: 'DMTP-091',
    title: 'takes MAIL without a fingerprint',
    hooks: rewriteLines(/^MAIL FROM: <[^>]*> (?!\[)/i, (line) => line.replace('> ', '> [none] ')),
  },
  {
    id: 'dmtp/refused-mail-opens-a-transaction',
    breaks: 'DMTP-091',
    title: 'refuses MAIL without SIZE, and takes RCPT after it',
    hooks: answerLines(/^MAIL FROM: <[^>]*> \[[^\]]+\](?!.*SIZE=)/i, (line, ask) => {
      const reply = ask(line);
      if (reply.startsWith('501')) ask(line.replace(/\s*$/, ' SIZE=100\r\n'));
      return reply;
    }),
  },
  {
    id: 'dmtp/size-read-up-to-a-letter',
    breaks: 'DMTP-092',
    title: 'reads SIZE up to the first character that is no digit',
    hooks: rewriteLines(/^MAIL/i, (line) => line.replace(/(SIZE=\d+)[^\s\d]\S*/i, '$1')),
  },
  {
    id: 'dmtp/size-without-limit',
    breaks: 'DMTP-092',
    title: 'takes a SIZE over its limit',
    hooks: rewriteLines(/^MAIL.*SIZE=\d{6,9}\b/i, (line) => line.replace(/SIZE=\d+/i, 'SIZE=1')),
  },
  {
    id: 'dmtp/size-limit-itself-refused',
    breaks: 'DMTP-092',
    title: 'refuses a SIZE that is its limit',
    hooks: answerLines(/^MAIL.*SIZE=262144\b/i, says('552 OUTBOUND SIZE LIMIT EXCEEDED')),
  },
  {
    id: 'dmtp/size-over-the-limit-invalid',
    breaks: 'DMTP-092',
    title: 'answers a SIZE over its limit with 501',
    hooks: rewriteReplies(/^MAIL/i, (reply) => reply.replace(/^552/, '501')),
  },
  {
    id: 'dmtp/mail-unknown-key-ignored',
    breaks: 'DMTP-093',
    title: 'ignores unknown parameters of MAIL',
    hooks: rewriteLines(/^MAIL FROM: /i, (line) => line.replace(/ (?!SIZE=|RETURN=|DATA=)[A-Z]+=[^\s<[]+/gi, '')),
  },
  {
    id: 'dmtp/mail-unknown-word-ignored',
    breaks: 'DMTP-093',
    title: 'ignores RETURN with an unknown word',
    hooks: rewriteLines(/^MAIL/i, (line) => line.replace(/ RETURN=(?!(?:FULL|DISPLAY|HEADER)\s)\S*/i, '')),
  },
  {
    id: 'dmtp/mail-size-has-to-be-first',
    breaks: 'DMTP-094',
    title: 'takes SIZE in the first place only',
    hooks: answerLines(/^MAIL.*\] .*\S SIZE=/i, says('501 INVALID MAIL FROM PARAMETER.')),
  },
  {
    id: 'dmtp/mail-keys-in-capitals-only',
    breaks: 'DMTP-094',
    title: 'knows the keys of MAIL in capitals only',
    hooks: answerLines(/^MAIL.*\] .*[a-z]+[A-Za-z]*=/, says('501 UNSUPPORTED MAIL FROM PARAMETER.')),
  },
];

export const faults: readonly Fault[] = [...valueFaults, ...mailFaults];

/** A text as a domain: what belongs in none is replaced. */
function plainly(name: string): string {
  return name.replace(/[^A-Za-z0-9.-]/g, 'x');
}
