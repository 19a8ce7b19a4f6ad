import { describe, expect, it } from 'vitest';
import type { ArrivedMail, DmtpSession, Judgement, ReferenceHooks, SessionEffect } from '../target/embedded.js';
import {
  answerLines,
  bendSessions,
  rewriteLines,
  rewriteMessageReplies,
  rewriteReplies,
  says,
} from './session-bending.js';

const text = (effects: readonly SessionEffect[]): string =>
  effects
    .map((effect) => (effect.kind === 'send' ? Buffer.from(effect.octets).toString('latin1') : `(${effect.kind})`))
    .join('');

const mail: ArrivedMail = {
  origin: '',
  originFingerprint: '',
  destination: '',
  destinationFingerprint: '',
  octets: 0,
  pieces: () => [],
};

/** Answers each line with itself, takes a message of one line after DATA, and closes after QUIT. */
class Echo implements DmtpSession {
  awaiting: DmtpSession['awaiting'] = 'command';
  ended = false;
  #partial = '';

  start(): SessionEffect[] {
    return said('220 hello\r\n');
  }

  receive(octets: Uint8Array): SessionEffect[] {
    this.#partial += Buffer.from(octets).toString('latin1');
    const lines = this.#partial.split(/(?<=\n)/);
    this.#partial = lines.at(-1)?.endsWith('\n') === true ? '' : (lines.pop() ?? '');
    return lines.flatMap((line) => this.#answer(line));
  }

  secured(): SessionEffect[] {
    return said('250 secured\r\n');
  }

  judged(judgement: Judgement): SessionEffect[] {
    this.awaiting = 'command';
    return said(judgement.accepted ? '250 judged\r\n' : '554 judged\r\n');
  }

  handOverFailed(): SessionEffect[] {
    return [{ kind: 'close' }];
  }

  expire(): SessionEffect[] {
    return [...said('421 late\r\n'), { kind: 'close' }];
  }

  shutdown(): SessionEffect[] {
    return said('421 down\r\n');
  }

  end(): void {
    this.ended = true;
  }

  #answer(line: string): SessionEffect[] {
    if (this.awaiting === 'message') {
      this.awaiting = 'command';
      return said(`250 stored ${line}`);
    }
    if (line.startsWith('JUDGE')) {
      this.awaiting = 'judgement';
      return [{ kind: 'judge', mail }];
    }
    if (line.startsWith('DATA')) this.awaiting = 'message';
    return line.startsWith('QUIT') ? [...said('221 bye\r\n'), { kind: 'close' }] : said(`250 ${line}`);
  }
}

const said = (reply: string): SessionEffect[] => [{ kind: 'send', octets: Buffer.from(reply, 'latin1') }];

function open(hooks: ReferenceHooks): { session: DmtpSession; tell: (octets: string) => string } {
  const session = hooks.session?.(new Echo()) ?? new Echo();
  return { session, tell: (octets) => text(session.receive(Buffer.from(octets, 'latin1'))) };
}

describe('a bent session', () => {
  it('does what the right one does where it is not bent', () => {
    const { session, tell } = open(bendSessions(() => ({})));
    expect(text(session.start())).toBe('220 hello\r\n');
    expect(tell('A\r\nB\n')).toBe('250 A\r\n250 B\n');
    expect(tell('QUIT\r\n')).toBe('221 bye\r\n(close)');
    expect(text(session.expire())).toBe('421 late\r\n(close)');
  });

  it('bends the answer that comes when a message was judged, and answers what came meanwhile after it', () => {
    const { session, tell } = open(rewriteMessageReplies((reply) => `bent ${reply}`));
    expect(tell('JUDGE\r\nA\r\nB\r\n')).toBe('(judge)');
    expect(text(session.judged({ accepted: true, recipient: null }))).toBe('bent 250 judged\r\n250 A\r\n250 B\r\n');
  });

  it('bends the first line inside TLS', () => {
    const { session } = open(bendSessions(() => ({ secured: (line, ask) => line + ask('A\n') })));
    expect(text(session.secured())).toBe('250 secured\r\n250 A\n');
  });

  it('sees whole lines, however they are cut', () => {
    const { tell } = open(rewriteLines(/^NOOP/, () => 'RSET\r\n'));
    expect([...'NOOP\r\n'].map(tell).join('')).toBe('250 RSET\r\n');
  });

  it('answers in the place of the right one', () => {
    const { tell } = open(answerLines(/^NOOP/, says('200 hm')));
    expect(tell('MODE\r\nNOOP\r\nMODE\r\n')).toBe('250 MODE\r\n200 hm\r\n250 MODE\r\n');
  });

  it('changes replies to some lines and keeps what else has to be done', () => {
    const { tell } = open(rewriteReplies(/^QUIT/, (reply) => reply.replace('221', '250')));
    expect(tell('QUIT\r\n')).toBe('250 bye\r\n(close)');
  });

  it('changes the answer to a message, and does not take its lines for commands', () => {
    const { tell } = open(rewriteMessageReplies((reply) => reply.replace('250', '554')));
    expect(tell('DATA\r\nDATA\r\nDATA\r\n')).toBe('250 DATA\r\n554 stored DATA\r\n250 DATA\r\n');
  });

  it('hands a very long line on as it comes', () => {
    const { tell } = open(answerLines(/./, says('200 hm')));
    const endless = 'A'.repeat(9000);
    expect(tell(endless)).toBe('');
    expect(tell(`${endless}\n`)).toBe(`250 ${endless}${endless}\n`);
    expect(tell('B\r\n')).toBe('200 hm\r\n');
  });

  it('remembers for itself, not for the next', () => {
    const hooks = bendSessions(() => {
      let count = 0;
      return { line: () => `${++count}\n` };
    });
    const first = open(hooks);
    expect(first.tell('A\nA\n')).toBe('1\n2\n');
    expect(open(hooks).tell('A\n')).toBe('1\n');
  });
});
