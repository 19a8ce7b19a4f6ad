/** SUBMIT in the session: flags, races, policies; the delivery itself is tested in submission.test.ts. */
import { describe, expect, it } from 'vitest';
import { alice, put, selected, type Talk, testStore } from './session.test-support.js';

const pending = ['\\SubmitPending'];

function outbox(flags: string[] = pending, options: Parameters<typeof selected>[0] = {}): Talk {
  const store = testStore();
  put(store, 'the message', flags);
  return selected({ store, ...options });
}

const flagsOf = ({ store }: Talk): readonly string[] =>
  store.summary(store.mailbox(alice, 'INBOX')?.id ?? 0, 1)?.flags ?? [];

const refused = { accepted: false, text: 'The other side did not want it.' } as const;

describe('a message that waits to be submitted', () => {
  it('is handed over with both flags set, and ends with \\Submitted alone', () => {
    const talk = outbox();
    expect(talk.say('a SUBMIT 1')).toBe('');
    expect(talk.session.awaiting).toBe('outcome');
    expect(flagsOf(talk)).toEqual(['\\SubmitPending', '\\Submitted']);
    const [effect] = talk.effects;
    if (effect?.kind !== 'submit') throw new Error('nothing was submitted');
    expect(effect.request).toMatchObject({ author: alice, octets: 11, options: [] });
    for (let pass = 0; pass < 2; pass++)
      expect(Buffer.concat([...effect.request.read()]).toString()).toBe('the message');
    expect(talk.take(talk.session.submitted({ accepted: true })).split('\r\n')).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Submitted))',
      expect.stringMatching(/^a OK /),
      '',
    ]);
  });

  it('loses both flags when it is not taken', () => {
    const talk = outbox([...pending, '\\Seen']);
    talk.say('a UID SUBMIT 1');
    expect(talk.take(talk.session.submitted(refused)).split('\r\n')).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Seen))',
      'a NO The other side did not want it.',
      '',
    ]);
  });

  it('is submitted once: a second session is told of the race', () => {
    const store = testStore();
    put(store, 'the message', pending);
    const one = selected({ store });
    const other = selected({ store });
    one.say('a SUBMIT 1');
    expect(other.say('b SUBMIT 1')).toContain('b NO [SUBMISSIONRACE] ');
    one.take(one.session.submitted({ accepted: true }));
    expect(other.say('c SUBMIT 1')).toContain('c NO [SUBMISSIONRACE] ');
    expect(flagsOf(one)).toEqual(['\\Submitted']);
  });

  it('keeps the next commands waiting, but not the other sessions', () => {
    const store = testStore();
    put(store, 'the message', pending);
    const one = selected({ store });
    const other = selected({ store });
    expect(one.octets('a SUBMIT 1\r\nb FETCH 1 FLAGS\r\nc NO')).toBe('');
    expect(other.say('x NOOP')).toMatch(/x OK /);
    expect(one.octets('OP\r\n')).toBe('');
    expect(one.take(one.session.submitted({ accepted: true })).match(/^[abc*] .*/gm)).toEqual([
      '* 1 FETCH (UID 1 FLAGS (\\Submitted))',
      expect.stringMatching(/^a OK/),
      '* 1 FETCH (FLAGS (\\Submitted))',
      expect.stringMatching(/^b OK/),
      expect.stringMatching(/^c OK/),
    ]);
  });

  it('has its outcome kept, also when the client is gone, or the message is', () => {
    const gone = outbox();
    gone.say('a SUBMIT 1');
    gone.session.end();
    expect(gone.take(gone.session.submitted({ accepted: true }))).toBe('');
    expect(flagsOf(gone)).toEqual(['\\Submitted']);

    const talk = outbox();
    const other = selected({ store: talk.store });
    talk.say('a SUBMIT 1');
    other.say('b STORE 1 +FLAGS.SILENT (\\Deleted)', 'c EXPUNGE');
    const [effect] = talk.effects;
    if (effect?.kind !== 'submit') throw new Error('nothing was submitted');
    expect(Buffer.concat([...effect.request.read()]).toString()).toBe('the message');
    expect(talk.take(talk.session.submitted({ accepted: true }))).toMatch(/^\* 1 EXPUNGE\r\na OK /);
  });
});

describe('flags stay as they are', () => {
  it.each([
    ['a message that does not wait', ['\\Seen'], 'SUBMIT 1', 'NO [SUBMISSIONRACE]'],
    ['one that was submitted', ['\\SubmitPending', '\\Submitted'], 'SUBMIT 1', 'NO [SUBMISSIONRACE]'],
    ['a number above the count', pending, 'SUBMIT 2', 'BAD'],
    ['a set', pending, 'SUBMIT 1:1', 'BAD'],
    ['no number', pending, 'SUBMIT *', 'BAD'],
    ['a UID that is none', pending, 'UID SUBMIT 2', 'NO'],
    ['an option that was not announced', pending, 'SUBMIT 1 (LATER)', 'BAD'],
    ['an empty list of options', pending, 'SUBMIT 1 ()', 'BAD'],
  ])('%s', (_, flags, line, ends) => {
    const talk = outbox(flags);
    expect(talk.say(`a ${line}`).startsWith(`a ${ends} `)).toBe(true);
    expect(flagsOf(talk)).toEqual(flags);
    expect(talk.effects).toEqual([]);
  });

  it('an option that is announced, used wrongly, denied, and honoured', () => {
    const deliveryOptions = new Map([
      [
        'HOLD',
        {
          isValid: ({ values }: { values: readonly unknown[] }) => values.length === 1,
          refusal: (_: unknown, user: string) => (user === alice ? 'no holding for you' : null),
        },
      ],
      ['XFAST', { isValid: () => true, refusal: () => null }],
    ]);
    const talk = outbox(pending, { deliveryOptions });
    expect(talk.say('a CAPABILITY')).toContain(' SUBMIT=HOLD SUBMIT=XFAST');
    expect(talk.say('b SUBMIT 1 (HOLD)')).toMatch(/^b BAD /);
    expect(talk.say('c SUBMIT 1 (XFAST XFAST)')).toMatch(/^c BAD /);
    const denied = outbox(pending, { deliveryOptions });
    expect(denied.say('d SUBMIT 1 (HOLD "1 day")')).toBe('d NO [POLICYDENIED] No holding for you.');
    expect(flagsOf(denied)).toEqual(pending);
    // The race is seen first.
    expect(outbox([], { deliveryOptions }).say('e SUBMIT 1 (HOLD "1 day")')).toMatch(/^e NO \[SUBMISSIONRACE\] /);
    denied.say('f SUBMIT 1 (XFAST)');
    expect(denied.effects).toMatchObject([{ kind: 'submit', request: { options: [{ name: 'XFAST', values: [] }] } }]);
  });
});
