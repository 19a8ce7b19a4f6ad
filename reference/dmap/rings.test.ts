import { describe, expect, it } from 'vitest';
import { sampleKeys, sampleSignets } from '../account/store.js';
import { repeatable } from '../formats/message/parties.test-support.js';
import { createSigningRequest, generateKeys } from '../formats/signet/index.js';
import { alice, put, selected, Talk, testStore } from './session.test-support.js';

const random = repeatable('rings');
const aliceKeys = generateKeys('dime-2015', 'user', random);
const request = createSigningRequest(aliceKeys).octets;
const literal = (octets: Uint8Array): string => `~{${octets.length}+}\r\n${Buffer.from(octets).toString('latin1')}`;

function ready(mode: 'TRUSTFUL' | 'CAUTIOUS' | 'PARANOID' = 'CAUTIOUS', options = {}): Talk {
  const talk = new Talk({ store: testStore(mode), ...options });
  talk.start();
  return talk;
}

describe('the key ring', () => {
  it('keeps keys as they came', () => {
    const talk = ready();
    expect(talk.say(`a ADDKEY k1 (PRIVATE "secret" PUBLIC ${literal(request)})`)).toMatch(/^a OK /);
    expect(talk.say('b ADDKEY "K1" "opaque"')).toMatch(/^b OK /);
    expect(talk.lines('c LISTKEYS').slice(0, -1)).toEqual(['* KEY k1', '* KEY K1']);
    expect(talk.octets('d GETKEY k1 BOTH\r\n')).toContain(
      `* KEY k1 (PUBLIC ~{${request.length}}\r\n${Buffer.from(request).toString('latin1')} PRIVATE "secret")\r\n`,
    );
    expect(talk.lines('e GETKEY k1 private')[0]).toBe('* KEY k1 (PRIVATE "secret")');
    expect(talk.lines('f GETKEY K1 BOTH')[0]).toBe('* KEY K1 (PUBLIC "opaque" PRIVATE NIL)');
    expect(talk.say('g DELETEKEY k1')).toMatch(/^g OK /);
    expect(talk.lines('h LISTKEYS').slice(0, -1)).toEqual(['* KEY K1']);
  });

  it.each([
    ['GETKEY none BOTH', 'NO [NONEXISTENT]'],
    ['GETKEY k1', 'BAD'],
    ['GETKEY k1 ALL', 'BAD'],
    ['DELETEKEY none', 'NO [NONEXISTENT]'],
    ['ADDKEY k1 "again"', 'NO [ALREADYEXISTS]'],
    ['ADDKEY k2 (PRIVATE "alone")', 'BAD'],
    ['ADDKEY k2 (PUBLIC "a" PUBLIC "b")', 'BAD'],
    ['ADDKEY "with space" "x"', 'BAD'],
    ['ADDKEY k2 ""', 'NO'],
    ['LISTKEYS x', 'BAD'],
  ])('refuses %s', (line, ends) => {
    const talk = ready();
    talk.say('a ADDKEY k1 "first"');
    expect(talk.say(`b ${line}`).startsWith(`b ${ends} `)).toBe(true);
    expect(talk.lines('c LISTKEYS').slice(0, -1)).toEqual(['* KEY k1']);
  });

  it('refuses a signing request whose signature does not hold', () => {
    const broken = Uint8Array.from(request);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const talk = ready();
    expect(talk.say(`a ADDKEY k1 ${literal(broken)}`)).toMatch(/^a NO \[CANNOT\] /);
    expect(talk.say(`b ADDKEY k1 ${literal(request.subarray(0, 40))}`)).toMatch(/^b NO \[CANNOT\] /);
  });

  it('keeps no private part for a paranoid account', () => {
    const talk = ready('PARANOID');
    expect(talk.say('a ADDKEY k (PUBLIC "p" PRIVATE "s")')).toMatch(/^a NO \[NOPERM\] /);
    talk.say('b ADDKEY k "p"');
    expect(talk.say('c GETKEY k PRIVATE')).toMatch(/^c NO \[NOPERM\] /);
    expect(talk.lines('d GETKEY k BOTH')[0]).toBe('* KEY k (PUBLIC "p" PRIVATE NIL)');
  });

  it('does not delete a key as long as a message is there that was submitted under it', () => {
    const store = testStore();
    put(store, 'the message', ['\\SubmitPending']);
    const talk = selected({ store });
    talk.say(`a ADDKEY mine ${literal(request)}`, 'b SUBMIT 1');
    talk.take(talk.session.submitted({ accepted: true, signingKey: aliceKeys.signingPublic }));
    expect(talk.say('c DELETEKEY mine')).toMatch(/^c NO \[INUSE\] /);
    expect(talk.lines('d LISTKEYS')).toContain('* KEY mine');
    talk.say('e STORE 1 +FLAGS.SILENT (\\Deleted)', 'f EXPUNGE');
    expect(talk.say('g DELETEKEY mine')).toMatch(/^g OK /);
  });
});

describe('the signet ring', () => {
  const { identifiable } = sampleSignets('dime.example', random, sampleKeys('dime.example', random));
  const signet = identifiable.get(alice)?.at(-1)?.octets ?? new Uint8Array();
  const organization = identifiable.get('dime.example')?.at(-1)?.octets ?? new Uint8Array();

  it('is addressed by addresses without regard to case, and keeps their spelling', () => {
    const talk = ready();
    expect(talk.say(`a ADDSIGNET Alice@dime.example ${literal(signet)}`)).toMatch(/^a OK /);
    expect(talk.say(`b ADDSIGNET dime.example ${literal(organization)}`)).toMatch(/^b OK /);
    expect(talk.say(`c ADDSIGNET ALICE@dime.example ${literal(signet)}`)).toMatch(/^c NO \[ALREADYEXISTS\] /);
    expect(talk.octets('d GETSIGNET alice@DIME.example\r\n')).toContain(
      `* SIGNET Alice@dime.example ~{${signet.length}}\r\n${Buffer.from(signet).toString('latin1')}\r\nd OK `,
    );
    const listed = (pattern: string): string[] => talk.lines(`e LISTSIGNETS${pattern}`).slice(0, -1);
    expect(listed('')).toEqual(['* SIGNET Alice@dime.example', '* SIGNET dime.example']);
    expect(listed(' *@DIME.example')).toEqual(['* SIGNET Alice@dime.example']);
    expect(listed(' %')).toEqual(['* SIGNET dime.example']);
    expect(listed(' none')).toEqual([]);
    expect(talk.say('f DELETESIGNET alice@dime.example')).toMatch(/^f OK /);
    expect(talk.say('g DELETESIGNET alice@dime.example')).toMatch(/^g NO \[NONEXISTENT\] /);
  });

  it('takes signets only', () => {
    const talk = ready();
    for (const octets of [Buffer.from('none'), request, signet.subarray(0, 50)]) {
      expect(talk.say(`a ADDSIGNET x@dime.example ${literal(octets)}`)).toMatch(/^a NO \[CANNOT\] /);
    }
  });

  it('can be looked beyond, and does not keep what is found there', () => {
    const talk = ready('CAUTIOUS', { looksUpSignets: true });
    expect(talk.say('a GETSIGNET bob@other.example')).toBe('');
    expect(talk.effects).toEqual([{ kind: 'look-up', address: 'bob@other.example' }]);
    expect(talk.take(talk.session.found(signet))).toMatch(/^\* SIGNET bob@other.example ~\{/);
    expect(talk.lines('b LISTSIGNETS')).toHaveLength(1);
    talk.say('c GETSIGNET bob@other.example');
    expect(talk.take(talk.session.found(null))).toMatch(/^c NO \[NONEXISTENT\] /);
    expect(ready().say('d GETSIGNET bob@other.example')).toMatch(/^d NO \[NONEXISTENT\] /);
  });
});
