/** How a session waits for the judgement of a message, and what is said meanwhile and after it. */
import { describe, expect, it } from 'vitest';
import type { ArrivedMail } from './judgement.js';
import { addressed, host, message, Talk, testStore } from './session.test-support.js';

const octets = `${message()}\r\n`;
const accepted = { accepted: true, recipient: 'alice@dime.example' } as const;

/** A session that has taken a message. `judged` is the test's to call. */
function awaiting(store = testStore()) {
  const talk = new Talk({ store }, null);
  talk.say(...addressed, 'DATA [hash]');
  const said = talk.octets(octets);
  const effect = talk.effects.at(-1);
  if (effect?.kind !== 'judge') throw new Error(`${said} instead of a judgement`);
  return { talk, store, mail: effect.mail };
}

const textOf = ({ pieces }: ArrivedMail): string => Buffer.concat([...pieces()]).toString('latin1');

describe('a message that came whole', () => {
  it('is answered and stored when it was judged, not before (DMTP-099)', () => {
    const { talk, store } = awaiting();
    expect(talk.session.awaiting).toBe('judgement');
    expect(store.messages()).toEqual([]);
    expect(talk.judged(accepted)).toMatch(/^250 OK \[[\w-]+\]\r\n$/);
    expect(store.messages()).toMatchObject([{ origin: 'origin.example', recipient: 'alice@dime.example', size: 6 }]);
    expect(talk.session.awaiting).toBe('command');
  });

  it('is judged by what the transaction says of it, and by its octets, as often as they are wanted', () => {
    const { mail } = awaiting();
    expect(mail).toMatchObject({
      origin: 'origin.example',
      originFingerprint: 'fp',
      destination: 'dime.example',
      destinationFingerprint: 'fp',
      octets: 6,
    });
    expect([textOf(mail), textOf(mail)]).toEqual([message(), message()]);
  });

  it('that is refused leaves nothing in the store', () => {
    const { talk, store } = awaiting();
    expect(talk.judged({ accepted: false, reason: 'recipient unknown' })).toMatch(/^554 INVALID RECIPIENT/);
    expect([store.messages(), store.heldOctets]).toEqual([[], 0]);
  });

  it('that could not be judged is refused for now', () => {
    const { talk, store } = awaiting();
    expect(talk.judged({ accepted: false, reason: 'internal error' })).toBe(
      '451 INTERNAL SERVER ERROR - PLEASE TRY AGAIN LATER\r\n',
    );
    expect(store.heldOctets).toBe(0);
  });

  it('ends the transaction, and leaves the greeting, whatever came of it (DMTP-103)', () => {
    const { talk } = awaiting();
    talk.judged({ accepted: false, reason: 'invalid message' });
    expect(talk.say('DATA')).toMatch(/^503 DATA REJECTED - PLEASE PROVIDE A MAIL FROM/);
    expect(talk.say('MAIL FROM: <origin.example> [fp] SIZE=6')).toBe('250 OK\r\n');
  });
});

describe('what comes while a judgement is awaited', () => {
  it('is answered after it, in order; a second message among it waits for its own', () => {
    const { talk, store } = awaiting();
    const more = ['MODE', 'MAIL FROM: <origin.example> [fp] SIZE=6', 'RCPT TO: <dime.example> [fp]', 'DATA', octets];
    expect(talk.octets(more.join('\r\n'))).toBe('');
    expect(talk.octets('NO')).toBe('');
    expect(talk.octets('OP\r\n')).toBe('');
    expect(talk.judged(accepted)).toMatch(
      /^250 OK \[[\w-]+\]\r\n200 OK DMTPv1\r\n250 OK\r\n250 OK\r\n354 CONTINUE \[NONE\]\r\n$/,
    );
    expect(talk.judged(accepted)).toMatch(/^250 OK \[[\w-]+\]\r\n250 OK\r\n$/);
    expect(store.messages()).toHaveLength(2);
  });

  it('is kept up to a bound that no transport reaches', () => {
    const { talk } = awaiting();
    talk.octets('x'.repeat(60_000));
    expect(() => talk.octets('x'.repeat(6000))).toThrow('more than 65536 octets came while a judgement was awaited');
  });
});

describe('a session that ends while a judgement is awaited', () => {
  it.each([
    ['by the going down of the server', (talk: Talk) => talk.shutdown(), `421 ${host} CLOSING CONNECTION\r\n`],
    ['by its transport', (talk: Talk) => talk.session.end(), undefined],
  ] as const)('%s stores nothing, and the judgement comes to nothing', (_, end, said) => {
    const { talk, store, mail } = awaiting();
    expect(end(talk)).toBe(said);
    expect(talk.judged(accepted)).toBe('');
    expect([store.messages(), store.heldOctets, textOf(mail)]).toEqual([[], 0, '']);
  });
});

it('a judgement that was not asked for is an error', () => {
  expect(() => new Talk().judged(accepted)).toThrow('without a judgement under way');
});

describe('lines for SMTP on a dual port', () => {
  const dual = () => new Talk({ transport: 'plain', dualMode: true });
  const handedOver = (talk: Talk): string | null => {
    const effect = talk.effects.at(-1);
    return effect?.kind === 'hand-over' ? Buffer.from(effect.octets).toString('latin1') : null;
  };

  it.each([
    'EHLO smtp.example\r\n',
    'HELO smtp.example\n',
    'EHLO\r\n',
    'STARTTLS\r\n',
    'AUTH PLAIN AGEAYg==\r\n',
    'EXPN list\r\n',
  ])('hand the connection over, the line first, with all that came behind it: %j', (line) => {
    const talk = dual();
    expect(talk.octets(`MODE\r\n${line}MAIL FROM:<a@b>\r\nRC`)).toBe('200 OK ESMTP\r\n');
    expect(handedOver(talk)).toBe(`${line}MAIL FROM:<a@b>\r\nRC`);
    expect(talk.octets('MODE\r\n')).toBe('');
  });

  it.each(['STARTTLS <other.example>', `STARTTLS <${host}> MODE=ESMTP`])(
    'are refused after %s, however that went (DMTP-078)',
    (line) => {
      const talk = dual();
      talk.say(line);
      expect(talk.say('EHLO smtp.example')).toBe('554 DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.\r\n');
      expect(talk.say('AUTH PLAIN')).toBe('554 DMTP SESSION CANNOT FALLBACK AFTER ESTABLISHMENT.\r\n');
      expect(handedOver(talk)).toBeNull();
    },
  );

  it('are refused inside TLS too', () => {
    const talk = dual();
    talk.say(`STARTTLS <${host}>`);
    talk.secured();
    expect(talk.say('EHLO smtp.example')).toMatch(/^554 /);
  });

  it('end the connection when the service cannot be reached', () => {
    const talk = dual();
    talk.say('EHLO smtp.example');
    const effects = talk.session.handOverFailed();
    expect(effects.map((effect) => (effect.kind === 'send' ? String(effect.octets) : effect.kind))).toEqual([
      `421 ${host} SMTP SERVICE CONFIGURATION ERROR\r\n`,
      'close',
    ]);
  });
});
