import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { TranscriptEvent } from '../../reports/report.js';
import type { Target } from '../target/target.js';
import { handsOn } from './by-hand.js';

const target = {
  profile: {
    dmtp: { host: '127.0.0.1', port: 2626, name: 'dx.example.com' },
    plain: { host: '127.0.0.1', port: 2525, name: 'dx.example.com', smtp: true },
    dns: { host: '127.0.0.1', port: 5353 },
  },
  adapterCommand: ['./adapter', "it's"],
} as unknown as Target;

const event = (kind: TranscriptEvent['event'], text: string): TranscriptEvent => ({
  atMs: 0,
  connection: kind === 'request' ? 0 : 1,
  event: kind,
  text,
});

describe('an exchange by hand', () => {
  it('is typed to openssl when it went over TLS', () => {
    const [line] = handsOn([event('connected', ''), event('secured', ''), event('sent', 'NOOP\r\n')], target);
    expect(line).toBe(
      "(sleep 1; printf 'NOOP\\r\\n'; sleep 1) | openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:2626 -servername dx.example.com",
    );
  });

  it('is typed to the plain port as far as STARTTLS', () => {
    const steps = [event('sent', 'STARTTLS <x>\r\n'), event('secured', ''), event('sent', 'NOOP\r\n')];
    const [line] = handsOn([event('connected', '127.0.0.1:2525'), ...steps], target);
    expect(line).toBe("(sleep 1; printf 'STARTTLS <x>\\r\\n'; sleep 1) | nc 127.0.0.1 2525");
  });

  it('quotes every octet so that the shell prints it as it was sent', () => {
    const sent = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const [line] = handsOn([event('connected', ''), event('sent', sent)], target);
    const printed = /printf ('.*'); sleep 1\)/s.exec(line ?? '')?.[1] ?? '';
    const output = execFileSync('sh', ['-c', `printf ${printed}`]);
    expect(output.equals(Buffer.from(sent, 'latin1'))).toBe(true);
  });

  it('is a question to dig, over TCP where it was', () => {
    const lines = handsOn(
      [event('query', 'TXT _dx.example.com over udp'), event('query', 'MX example.com over tcp')],
      target,
    );
    expect(lines).toEqual(['dig @127.0.0.1 -p 5353 TXT _dx.example.com', 'dig @127.0.0.1 -p 5353 MX example.com +tcp']);
  });

  it('is a line to the adapter', () => {
    expect(handsOn([event('request', '{"id":1,"op":"hello"}\n')], target)).toEqual([
      `(printf '%s\\n' '{"id":1,"op":"hello"}') | ./adapter 'it'\\''s'`,
    ]);
  });

  it('is left out when a client was sent to a server that ends with the run', () => {
    const dns =
      '{"id":1,"op":"dns.resolve-record","input":{"domain":"a.example","dns":{"host":"127.0.0.1","port":9}}}\n';
    const login = '{"id":1,"op":"stacie.login","input":{"endpoint":"https://127.0.0.1:9/","username":"a"}}\n';
    for (const request of [dns, login]) expect(handsOn([event('request', request)], target)).toEqual([]);
  });

  it('is left out when it is too long to be typed', () => {
    expect(handsOn([event('connected', ''), event('sent', 'x'.repeat(5000))], target)).toEqual([]);
  });
});
