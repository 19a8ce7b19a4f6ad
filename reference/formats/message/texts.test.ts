import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  importMail,
  MessageError,
  readCommonHeaders,
  readEnvelope,
  writeCommonHeaders,
  writeEnvelope,
} from './index.js';
import { text } from './vectors.test-support.js';

function refused(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof MessageError) return error.requirement;
    throw error;
  }
  return 'nothing was refused';
}

const octets = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));

describe('envelope texts (sections 7.1 and 7.2)', () => {
  const good = 'Author: <a@o>\r\nAuthor-Signet: [f1]\r\nDestination: <d>\r\nDestination-Signet: [f2]\r\n';

  it('are four lines', () => {
    const entries = [
      { name: 'a@o', fingerprint: 'f1' },
      { name: 'd', fingerprint: 'f2' },
    ] as const;
    expect(text(writeEnvelope('origin', ...entries))).toBe(good);
    expect(readEnvelope('origin', octets(good), 0)).toEqual(entries);
    expect(text(writeEnvelope('destination', ...entries))).toBe(
      'Recipient: <a@o>\r\nRecipient-Signet: [f1]\r\nOrigin: <d>\r\nOrigin-Signet: [f2]\r\n',
    );
  });

  it.each([
    [good.replace('Author:', 'author:'), 'MSG-064'],
    [good.replace('Author: <', 'Author:<'), 'MSG-064'],
    [good.replace('Destination:', 'Recipient:'), 'MSG-064'],
    [good.replace('\r\n', '\n'), 'MSG-064'],
    [good.replace('<d>', '<d'), 'MSG-064'],
    [good.slice(0, -1), 'MSG-064'],
    [good.replace('a@o', 'a\u00e9@o'), 'MSG-065'],
    [good.replace('a@o', 'a@\to'), 'MSG-065'],
    [`${good}x`, 'MSG-066'],
    ['', 'MSG-064'],
  ])('%j is refused by %s', (wrong, requirement) => {
    expect(refused(() => readEnvelope('origin', octets(wrong), 0))).toBe(requirement);
  });

  it('an empty value is read, and an empty name not written', () => {
    expect(readEnvelope('origin', octets(good.replace('a@o', '')), 0)[0].name).toBe('');
    expect(
      refused(() => writeEnvelope('origin', { name: '', fingerprint: 'f' }, { name: 'd', fingerprint: 'f' })),
    ).toBe('MSG-063');
  });

  it('what is written is read again, and what cannot be is not written', () => {
    const value = fc.string({ minLength: 1, unit: 'binary-ascii', maxLength: 20 });
    fc.assert(
      fc.property(value, value, (name, fingerprint) => {
        const entry = { name, fingerprint };
        const can = /^[\x20-\x7e]*$/.test(name + fingerprint) && !name.includes('>') && !fingerprint.includes(']');
        if (can) expect(readEnvelope('origin', writeEnvelope('origin', entry, entry), 0)).toEqual([entry, entry]);
        else expect(refused(() => writeEnvelope('origin', entry, entry))).toBe('MSG-065');
      }),
    );
  });
});

describe('common headers (section 7.3)', () => {
  const all = { date: '1', to: '2', cc: '3', from: '4', organization: '5', subject: '' };

  it('are written in one order (MSG-069) and read in any (MSG-071)', () => {
    expect(text(writeCommonHeaders(all))).toBe(
      'Date: 1\r\nTo: 2\r\nCC: 3\r\nFrom: 4\r\nOrganization: 5\r\nSubject: \r\n',
    );
    expect(readCommonHeaders(octets('Subject: s\r\nDate: d\r\n'), 0)).toEqual({ subject: 's', date: 'd' });
  });

  it.each([
    ['To: a\r\nTo: b\r\n', 'MSG-072'],
    ['Reply-To: a\r\n', 'MSG-072'],
    ['to: a\r\n', 'MSG-072'], // no known label in exact case (MSG-074)
    ['To:a\r\n', 'MSG-072'],
    ['To: a\n', 'MSG-073'], // where libdime would lose the last character (OQ-56)
    ['To: a\rb\r\n', 'MSG-073'],
    ['To: a', 'MSG-073'],
    ['To: a\r\n\r\n', 'MSG-072'],
  ])('%j is refused by %s', (wrong, requirement) => {
    expect(refused(() => readCommonHeaders(octets(wrong), 0))).toBe(requirement);
  });

  it('date, to, from and subject have to be given (MSG-070), and no line end fits in a value', () => {
    const { from: _from, ...without } = all;
    expect(refused(() => writeCommonHeaders(without))).toBe('MSG-070');
    expect(refused(() => writeCommonHeaders({ ...all, cc: 'x\r\nBcc: y' }))).toBe('MSG-073');
    expect(refused(() => writeCommonHeaders({ ...all, cc: '\u20ac' }))).toBe('MSG-073');
  });
});

describe('imported mail (section 12.6)', () => {
  it('has common headers in their order, unfolded, and the block as it was', () => {
    const { common, headers, body } = importMail(octets('TO: r@d,\r\n\t q@d\r\nX-A: 1\r\ndate: now\r\n\r\nbody\r\n'));
    expect(text(common)).toBe('Date: now\nTo: r@d, q@d\n');
    expect(text(headers)).toBe('TO: r@d,\r\n\t q@d\r\nX-A: 1\r\ndate: now\r\n\r\n');
    expect(text(body)).toBe('body\r\n');
  });

  it('needs a common header and a body (OQ-77)', () => {
    expect(refused(() => importMail(octets('X: 1\n\nbody')))).toBe('MSG-022');
    expect(refused(() => importMail(octets('To: 1\n\n')))).toBe('MSG-022');
    expect(refused(() => importMail(octets('To: 1')))).toBe('MSG-022');
  });
});
