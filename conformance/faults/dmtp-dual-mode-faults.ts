/** Seeded faults of a DMTP server on its plain port: STARTTLS, what comes before it, and SMTP beside it. */
import type { DmtpSession, ReferenceHooks, SessionEffect } from '../target/embedded.js';
import type { Fault } from './fault.js';
import { relay } from './relay.js';
import {
  answerLines,
  bendSessions,
  rewriteLines,
  rewriteReplies,
  says,
  succeeded,
  WrappedSession,
} from './session-bending.js';

const withoutSmtp = { smtp: false } as const;
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** Answers to commands that came without TLS, when they say so, become others. */
const withoutTls = (which: RegExp, change: (reply: string) => string): ReferenceHooks =>
  rewriteReplies(which, (reply) => (/^503 .*STARTTLS FIRST/.test(reply) ? change(reply) : reply));

/** The banner of the plain port in dual mode, which alone has the word ESMTP. */
const greetingInDualMode = (change: (banner: string) => string): ReferenceHooks =>
  bendSessions(() => ({ banner: (banner) => (banner.includes('ESMTP') ? change(banner) : banner) }));

const sessions = (Session: new (inner: DmtpSession) => DmtpSession): ReferenceHooks => ({
  session: (inner) => new Session(inner),
});

class KeepsInjectedText extends WrappedSession {
  #rest: Uint8Array = new Uint8Array();

  override receive(octets: Uint8Array): SessionEffect[] {
    const effects = this.inner.receive(octets);
    if (effects.some(({ kind }) => kind === 'secure')) {
      this.#rest = utf8(/STARTTLS[^\n]*\n(.*)/is.exec(textOf(octets))?.[1] ?? '');
    }
    return effects;
  }

  override secured(): SessionEffect[] {
    return [...this.inner.secured(), ...this.inner.receive(this.#rest)];
  }
}

/** Text behind STARTTLS is answered before the handshake. */
class AnswersInjectedText extends WrappedSession {
  override receive(octets: Uint8Array): SessionEffect[] {
    const effects = this.inner.receive(octets);
    if (!/STARTTLS[^\n]*\n./i.test(textOf(octets))) return effects;
    return effects.flatMap((effect): SessionEffect[] =>
      effect.kind === 'secure' ? [{ kind: 'send', octets: utf8('503 TLS FIRST\r\n') }, effect] : [effect],
    );
  }
}

class LosesTheLine extends WrappedSession {
  override receive(octets: Uint8Array): SessionEffect[] {
    return this.inner
      .receive(octets)
      .map((effect) =>
        effect.kind === 'hand-over'
          ? { ...effect, octets: utf8(textOf(effect.octets).replace(/^[^\n]*\n/, '')) }
          : effect,
      );
  }
}

class GreetsOnceMore extends WrappedSession {
  override receive(octets: Uint8Array): SessionEffect[] {
    return this.inner
      .receive(octets)
      .flatMap((effect): SessionEffect[] =>
        effect.kind === 'hand-over' ? [{ kind: 'send', octets: utf8('220 smtp ESMTP\r\n') }, effect] : [effect],
      );
  }
}

class FallsBackAfterFailures extends WrappedSession {
  #encrypted = false;

  override secured(): SessionEffect[] {
    this.#encrypted = true;
    return this.inner.secured();
  }

  override receive(octets: Uint8Array): SessionEffect[] {
    return this.inner
      .receive(octets)
      .map((effect) =>
        !this.#encrypted && effect.kind === 'send' && textOf(effect.octets).includes('CANNOT FALLBACK')
          ? { kind: 'hand-over', octets }
          : effect,
      );
  }
}

class ClosesOnSmtp extends WrappedSession {
  override receive(octets: Uint8Array): SessionEffect[] {
    const effects = this.inner.receive(octets);
    const refused = effects.some(
      (effect) => effect.kind === 'send' && textOf(effect.octets).includes('SMTP SERVICE NOT AVAILABLE'),
    );
    return refused ? [...effects, { kind: 'close' }] : effects;
  }
}

const starttlsFaults: readonly Fault[] = [
  {
    id: 'dmtp-dual-mode/no-dmtp-in-the-greeting',
    breaks: 'DMTP-002',
    title: 'greets on the plain port like a server of SMTP alone',
    hooks: greetingInDualMode((banner) => banner.replace('ESMTP DMTPv1', 'ESMTP')),
  },
  {
    id: 'dmtp-dual-mode/no-smtp-in-the-greeting',
    breaks: 'DMTP-073',
    title: 'greets in dual mode without ESMTP',
    hooks: greetingInDualMode((banner) => banner.replace('ESMTP ', '')),
  },
  {
    id: 'dmtp-dual-mode/both-words-in-one',
    breaks: 'DMTP-073',
    title: 'greets in dual mode with ESMTP/DMTPv1',
    hooks: greetingInDualMode((banner) => banner.replace('ESMTP DMTPv1', 'ESMTP/DMTPv1')),
  },
  {
    id: 'dmtp-dual-mode/greets-inside-tls',
    breaks: 'DMTP-065',
    title: 'greets once more inside TLS',
    hooks: bendSessions(() => ({ secured: (line) => `220 <dx.reference.example> DMTPv1 again\r\n${line}` })),
  },
  {
    id: 'dmtp-dual-mode/greets-after-the-first-line',
    breaks: 'DMTP-065',
    title: 'greets once more after the first line inside TLS',
    hooks: bendSessions(() => ({ secured: (line) => `${line}220 <dx.reference.example> DMTPv1 again\r\n` })),
  },
  {
    id: 'dmtp-dual-mode/other-mode-inside-tls',
    breaks: 'DMTP-065',
    title: 'says OK DMTP inside TLS',
    hooks: bendSessions(() => ({ secured: (line) => line.replace('DMTPv1', 'DMTP') })),
  },
  {
    id: 'dmtp-dual-mode/silent-inside-tls',
    breaks: 'DMTP-065',
    title: 'says nothing inside TLS until it is asked',
    hooks: bendSessions(() => ({ secured: () => '' })),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmtp-dual-mode/mode-in-capitals-only',
    breaks: 'DMTP-065',
    title: 'knows the mode word in one letter case only',
    hooks: answerLines(/MODE=(?!DMTPv1|DMTP\s)/, says('501 BAD STARTTLS SYNTAX.')),
  },
  {
    id: 'dmtp-dual-mode/injected-text-carried-out',
    breaks: 'DMTP-071',
    title: 'carries out inside TLS what came behind STARTTLS in the clear',
    hooks: sessions(KeepsInjectedText),
  },
  {
    id: 'dmtp-dual-mode/injected-text-answered',
    breaks: 'DMTP-071',
    title: 'answers in the clear what came behind STARTTLS',
    hooks: sessions(AnswersInjectedText),
  },
  {
    id: 'dmtp-dual-mode/any-host-certified',
    breaks: 'DMTP-080',
    title: 'offers its own certificate for any host',
    hooks: rewriteLines(/^STARTTLS .*<[A-Za-z0-9.-]+>/i, (line) => line.replace(/<[^>]*>/, '<dx.reference.example>')),
  },
  {
    id: 'dmtp-dual-mode/unknown-host-malformed',
    breaks: 'DMTP-080',
    title: 'answers STARTTLS for a host without certificate with 501',
    hooks: rewriteReplies(/^STARTTLS/i, (reply) => reply.replace(/^554 CERTIFICATE/, '501 CERTIFICATE')),
  },
  {
    id: 'dmtp-dual-mode/malformed-starttls-unknown',
    breaks: 'DMTP-081',
    title: 'answers a malformed STARTTLS with 500',
    hooks: rewriteReplies(/^STARTTLS/i, (reply) => reply.replace(/^501/, '500')),
  },
  {
    id: 'dmtp-dual-mode/host-without-brackets',
    breaks: 'DMTP-081',
    title: 'takes a host without angle brackets',
    hooks: rewriteLines(/^STARTTLS [a-z]/i, (line) => line.replace(/^(STARTTLS) (?!HOST=)([^ \r\n>]+)>?/i, '$1 <$2>')),
  },
  {
    id: 'dmtp-dual-mode/host-of-any-characters',
    breaks: 'DMTP-081',
    title: 'looks for a certificate of a host that is no domain',
    hooks: rewriteReplies(/^STARTTLS/i, (reply) =>
      reply.replace(/^501 INVALID.*/, '554 CERTIFICATE NOT FOUND FOR DOMAIN.'),
    ),
  },
  {
    id: 'dmtp-dual-mode/text-behind-starttls-ignored',
    breaks: 'DMTP-098',
    title: 'ignores text behind the arguments of STARTTLS',
    hooks: rewriteLines(/^STARTTLS <[^>]*>/i, (line) => line.replace(/ +[a-z0-9]+(\r\n)$/, '$1')),
  },
  {
    id: 'dmtp-dual-mode/starttls-with-250',
    breaks: 'DMTP-020',
    title: 'answers STARTTLS with 250',
    hooks: rewriteReplies(/^STARTTLS/i, (reply) => reply.replace(/^220/gm, '250')),
  },
  {
    id: 'dmtp-dual-mode/mode-of-smtp-taken',
    breaks: 'DMTP-020',
    title: 'speaks DMTP after a STARTTLS that asked for SMTP',
    hooks: rewriteLines(/^STARTTLS/i, (line) => line.replace(/MODE=E?SMTP/i, 'MODE=DMTPv1')),
  },
  {
    id: 'dmtp-dual-mode/failed-handshake-answered',
    breaks: 'DMTP-121',
    title: 'writes 454 in the clear when the handshake fails',
    plainFront: relay(() => (peer, server) => {
      let ready = false;
      server.on('data', (octets) => {
        ready ||= /^220 READY/m.test(textOf(octets));
      });
      peer.on('data', (octets) => {
        if (ready && octets[0] !== 0x16) peer.write('454 STARTTLS FAILED\r\n');
        ready = false;
      });
    }),
  },
];

const beforeTlsFaults: readonly Fault[] = [
  {
    id: 'dmtp-dual-mode/harmless-commands-without-tls',
    breaks: 'DMTP-074',
    title: 'carries out NOOP, RSET and HELP without TLS',
    hooks: withoutTls(/^(?:NOOP|RSET|HELP)/i, says('250 OK')),
  },
  {
    id: 'dmtp-dual-mode/signets-without-tls',
    breaks: 'DMTP-074',
    title: 'answers SGNT without TLS',
    hooks: withoutTls(/^SGNT/i, says('250 OK [BvA=]')),
  },
  {
    id: 'dmtp-dual-mode/greeting-without-tls-remembered',
    breaks: 'DMTP-074',
    title: 'refuses EHLO without TLS, and counts it once TLS stands',
    hooks: bendSessions(() => {
      let greeting: string | null = null;
      return {
        line: (line, ask) => {
          const reply = ask(line);
          if (/^EHLO/i.test(line) && !succeeded(reply)) greeting = line;
          return reply;
        },
        secured: (line, ask) => {
          if (greeting !== null) ask(greeting);
          return line;
        },
      };
    }),
  },
  {
    id: 'dmtp-dual-mode/code-of-smtp-without-tls',
    breaks: 'DMTP-075',
    title: 'answers commands without TLS with 530, as SMTP does',
    hooks: withoutTls(/./, (reply) => reply.replace(/^503/, '530')),
  },
  {
    id: 'dmtp-dual-mode/signet-commands-unknown-without-tls',
    breaks: 'DMTP-075',
    title: 'does not know SGNT, HIST and VRFY without TLS',
    hooks: withoutTls(/^(?:SGNT|HIST|VRFY)/i, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp-dual-mode/arguments-before-tls',
    breaks: 'DMTP-075',
    title: 'finds fault with the arguments of MAIL before it asks for TLS',
    hooks: withoutTls(/^MAIL FROM: [^<]/i, says('501 BAD MAIL FROM SYNTAX.')),
  },
  {
    id: 'dmtp-dual-mode/mode-without-ok',
    breaks: 'DMTP-124',
    title: 'answers MODE before STARTTLS with the mode alone',
    hooks: rewriteReplies(/^MODE/i, (reply) => reply.replace('OK ESMTP', 'ESMTP')),
  },
  {
    id: 'dmtp-dual-mode/mode-needs-tls',
    breaks: 'DMTP-124',
    title: 'answers MODE before STARTTLS with 503',
    hooks: rewriteReplies(/^MODE/i, (reply) => (reply.includes('OK ESMTP') ? '503 STARTTLS FIRST\r\n' : reply)),
  },
];

const smtpFaults: readonly Fault[] = [
  {
    id: 'dmtp-dual-mode/bare-ehlo-needs-tls',
    breaks: 'DMTP-076',
    title: 'takes EHLO without angle brackets for one of DMTP',
    hooks: answerLines(/^EHLO [a-z]/, says('503 DMTP COMMAND REQUIRES STARTTLS FIRST.')),
  },
  {
    id: 'dmtp-dual-mode/smtp-commands-unknown',
    breaks: 'DMTP-076',
    title: 'does not know AUTH and ETRN on a port in dual mode',
    hooks: answerLines(/^(?:AUTH|ETRN)/, says('500 INVALID COMMAND')),
  },
  {
    id: 'dmtp-dual-mode/first-line-lost',
    breaks: 'DMTP-076',
    title: 'hands a connection over without the line that it is handed over for',
    hooks: sessions(LosesTheLine),
    limits: { replyMs: 400 },
  },
  {
    id: 'dmtp-dual-mode/smtp-greets-too',
    breaks: 'DMTP-076',
    title: 'lets the greeting of the SMTP service through',
    hooks: sessions(GreetsOnceMore),
  },
  {
    id: 'dmtp-dual-mode/no-smtp-not-implemented',
    breaks: 'DMTP-077',
    title: 'answers lines for SMTP with 502 where there is no service',
    hooks: rewriteReplies(/./, (reply) => (reply.includes('SMTP SERVICE NOT') ? reply.replace(/^554/, '502') : reply)),
    flavour: withoutSmtp,
  },
  {
    id: 'dmtp-dual-mode/no-smtp-closed',
    breaks: 'DMTP-077',
    title: 'closes the connection after a line for SMTP where there is no service',
    hooks: sessions(ClosesOnSmtp),
    flavour: withoutSmtp,
  },
  {
    id: 'dmtp-dual-mode/bare-ehlo-in-tls-malformed',
    breaks: 'DMTP-077',
    title: 'answers EHLO without angle brackets on its TLS port with 501',
    hooks: rewriteReplies(/^(?:EHLO|HELO) [a-z]/, (reply) => reply.replace(/^554/, '501')),
  },
  {
    id: 'dmtp-dual-mode/smtp-after-a-failed-starttls',
    breaks: 'DMTP-078',
    title: 'hands a connection over to SMTP after a STARTTLS that failed',
    hooks: sessions(FallsBackAfterFailures),
  },
  {
    id: 'dmtp-dual-mode/late-smtp-out-of-sequence',
    breaks: 'DMTP-078',
    title: 'answers lines for SMTP after a STARTTLS with 503',
    hooks: rewriteReplies(/./, (reply) => (reply.includes('CANNOT FALLBACK') ? reply.replace(/^554/, '503') : reply)),
  },
];

export const faults: readonly Fault[] = [...starttlsFaults, ...beforeTlsFaults, ...smtpFaults];
