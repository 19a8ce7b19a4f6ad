import { describe, expect, it } from 'vitest';
import { DmtpClientError } from './client-error.js';
import { clientLimits } from './client-limits.js';
import { type ClientEffect, ClientSession, type ClientSessionOptions } from './client-session.js';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');
const banner = '220 <dx.dime.example> DMTPv1 test\r\n';

/** Effects in short: what is sent as text, replies and closings by their codes. */
function told(effects: readonly ClientEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.kind === 'send') return Buffer.from(effect.octets).toString('latin1');
    if (effect.kind === 'reply') return `reply ${effect.reply.code}`;
    return effect.kind === 'close' ? `close ${effect.error?.code ?? 'well'}` : effect.kind;
  });
}

function session(options: Partial<ClientSessionOptions> = {}) {
  const made = new ClientSession({
    start: 'tls',
    host: 'dx.dime.example',
    dialect: 'positional',
    limits: clientLimits(),
    ...options,
  });
  return { made, hear: (text: string) => told(made.receive(octets(text))) };
}

function trusted() {
  const { made, hear } = session();
  hear(banner);
  made.trust();
  return { made, hear };
}

const noop = { verb: 'NOOP', arguments: {} } as const;

describe('a session inside TLS', () => {
  it('has the certificate judged after the greeting, and then asks', () => {
    const { made, hear } = session();
    expect(hear(banner)).toEqual(['judge']);
    expect(() => made.ask(noop)).toThrow('judgement');
    made.trust();
    expect(told(made.ask(noop))).toEqual(['NOOP\r\n']);
    expect(hear('250 O')).toEqual([]);
    expect(hear('K\r\n')).toEqual(['reply 250']);
    expect(told(made.leave())).toEqual(['QUIT\r\n']);
    expect(hear('500 WHAT\r\n')).toEqual(['close well']);
    expect(hear('250 OK\r\n')).toEqual([]);
  });

  it('sends a message as it is, and CRLF (DMTP-053)', () => {
    const { made } = trusted();
    expect(told(made.give(octets('.\n..')))).toEqual(['.\n..', '\r\n']);
    expect(made.awaiting).toBe('fate');
  });

  it.each([
    ['a reply before any command', '250 OK\r\n', 'close unsolicited'],
    ['the farewell of a server that goes down', '421 dx CLOSING CONNECTION\r\n', 'close closed'],
  ])('ends at %s', (_, line, effect) => {
    const { made, hear } = trusted();
    expect(hear(line)).toEqual([effect]);
    expect(made.awaiting).toBe('end');
  });

  it('does not take what is said while the certificate is judged for an answer', () => {
    const { made, hear } = session();
    expect(hear(`${banner}250 OK\r\n`)).toEqual(['judge', 'close unsolicited']);
    expect(made.trust()).toEqual([]);
    expect(made.awaiting).toBe('end');
  });

  it('keeps command lines to 512 octets (DMTP-014)', () => {
    const { made } = trusted();
    const fit = { verb: 'SGNT', arguments: { user: `${'a'.repeat(480)}@dime.example` } } as const;
    const long = { verb: 'SGNT', arguments: { user: `${'a'.repeat(500)}@dime.example` } } as const;
    expect(() => made.ask(long)).toThrow(DmtpClientError);
    expect(() => made.ask(long)).toThrow('DMTP-014');
    expect(told(made.ask(fit))[0]).toHaveLength(480 + '@dime.example'.length + 'SGNT <>\r\n'.length);
  });

  it('says what it waited for when that does not come', () => {
    const { made } = session();
    expect(made.end('reset')).toMatchObject([
      { error: { message: expect.stringContaining('before the greeting: reset') } },
    ]);
    const second = trusted().made;
    second.ask(noop);
    expect(second.expire(30)).toMatchObject([
      { error: { code: 'timeout', message: expect.stringContaining('the reply to NOOP did not come within 30 ms') } },
    ]);
  });

  it('reads the line of the largest signet, and no longer one (DMTP-072)', () => {
    const limits = clientLimits({ signetOctets: 3_000, replyOctets: 100 });
    const hearOf = (line: string, size: 'signet' | 'ordinary') => {
      const { made, hear } = session({ limits });
      hear(banner);
      made.trust();
      made.ask(noop, size);
      return hear(line);
    };
    const line = `250 OK [${'A'.repeat(4_000)}]\r\n`;
    expect(hearOf(line, 'signet')).toEqual(['reply 250']);
    expect(hearOf(line, 'ordinary')).toEqual(['close reply-too-long']);
    expect(hearOf(`250 ${'A'.repeat(4_200)}`, 'signet')).toEqual(['close reply-too-long']);
  });
});

describe('a session in dual mode', () => {
  it('asks for TLS once, drops plain text behind the go-ahead, and waits for the mode (DMTP-064, DMTP-071)', () => {
    const { made, hear } = session({ start: 'dual' });
    expect(hear(banner)).toEqual(['STARTTLS <dx.dime.example> MODE=DMTPv1\r\n']);
    expect(hear('220-SENDING\r\n220 READY\r\n250 OK DMTPv1\r\n250 ')).toEqual(['secure']);
    expect(hear('OK injected\r\n')).toEqual([]);
    made.secured();
    expect(hear('250 OK dmtpv1\r\n')).toEqual(['judge']);
  });

  it.each([
    ['250 OK DMTP', 'judge'],
    ['299 OK DMTPv1', 'judge'],
    ['250 OK SMTP', 'close wrong-mode'],
    ['250 OK ESMTP', 'close wrong-mode'],
    ['250 ok DMTPv1', 'close wrong-mode'],
    ['350 OK DMTPv1', 'close wrong-mode'],
  ])('after the handshake %s leads to: %s (DMTP-028, DMTP-066)', (line, effect) => {
    const { made, hear } = session({ start: 'dual' });
    hear(banner);
    hear('220 READY\r\n');
    made.secured();
    expect(hear(`${line}\r\n`)).toEqual([effect]);
  });

  it('does not go on when STARTTLS is refused', () => {
    const { hear } = session({ start: 'dual' });
    hear(banner);
    expect(hear('554 CERTIFICATE NOT FOUND FOR DOMAIN.\r\n')).toEqual(['close no-tls']);
  });
});
