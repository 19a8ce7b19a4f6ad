import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from './store.js';

const envelope = { origin: 'origin.example', destination: 'dime.example', octets: null };
const none = { accounts: [], signets: new Map() };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('signets', () => {
  const signet = (mark: string) => ({
    octets: Buffer.from(mark),
    fingerprints: { cryptographic: '', full: mark, identifiable: '' },
  });

  test('can be published while the store is in use: each is the newest then', () => {
    const store = createMemoryStore({ accounts: [], signets: new Map([['Dime.example', [signet('1')]]]) });
    store.publish('dime.EXAMPLE', signet('2'));
    store.publish('new@dime.example', signet('n'));
    expect(store.signets('dime.example')?.map(({ fingerprints }) => fingerprints.full)).toEqual(['1', '2']);
    expect(store.signets('new@dime.example')).toHaveLength(1);
  });
});

describe('accounts', () => {
  test('that are locked are accounts still, and tell why', () => {
    const accounts = ['Alice@dime.example'];
    const store = createMemoryStore({ ...none, accounts, locked: new Map([['Carl@dime.example', 'abuse']]) });
    expect(store.accounts).toEqual(['alice@dime.example']);
    expect([store.hasAccount('carl@dime.example'), store.lockOf('carl@dime.example')]).toEqual([true, 'abuse']);
    store.lock('ALICE@dime.example', 'owner');
    store.lock('carl@dime.example', null);
    expect(store.accounts).toEqual(['carl@dime.example']);
    expect([store.lockOf('alice@dime.example'), store.lockOf('carl@dime.example')]).toEqual(['owner', null]);
    expect(() => store.lock('eve@dime.example', 'owner')).toThrow('there is no account "eve@dime.example" to lock');
  });
});

describe('messages', () => {
  test('come back octet for octet, in memory or spooled, however they were written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 12 }),
        fc.nat(200),
        (pieces, largestInMemory) => {
          const store = createMemoryStore({ ...none, spoolFolder: folder, largestInMemory });
          const sink = store.receive(envelope);
          const whole = Buffer.concat(pieces);
          for (const [index, piece] of pieces.entries()) {
            sink.write(piece);
            // Looked into halfway, and again.
            if (index % 3 === 0)
              expect(Buffer.concat([...sink.pieces()])).toEqual(Buffer.concat(pieces.slice(0, index + 1)));
          }
          expect(Buffer.concat([...sink.pieces()])).toEqual(whole);
          sink.commit('m1');
          const [message] = store.messages();
          expect(Buffer.from(message?.octets() ?? []).equals(whole)).toBe(true);
          expect(message?.size).toBe(whole.length);
          expect(readdirSync(folder)).toEqual(whole.length > largestInMemory ? ['m1.message'] : []);
          rmSync(join(folder, 'm1.message'), { force: true });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('large ones go through the spool in pieces of any size', () => {
    const store = createMemoryStore({ ...none, spoolFolder: folder });
    const sink = store.receive(envelope);
    const pieces = [1, 200_000, 100_000, 7, 60_000, 65_536, 65_537, 3].map((length) => randomBytes(length));
    for (const piece of pieces) sink.write(piece);
    sink.commit('large');
    expect(Buffer.from(store.messages()[0]?.octets() ?? []).equals(Buffer.concat(pieces))).toBe(true);
    expect(statSync(join(folder, 'large.message')).mode & 0o777).toBe(0o600);
  });

  test('are listed in the order of their commits, with what the envelope said', () => {
    const store = createMemoryStore(none);
    const [first, second] = [store.receive(envelope), store.receive({ ...envelope, origin: 'other.example' })];
    second?.commit('b');
    first?.commit('a');
    expect(store.messages().map(({ id, origin }) => [id, origin])).toEqual([
      ['b', 'other.example'],
      ['a', 'origin.example'],
    ]);
  });

  test('an aborted one leaves neither octets nor file', () => {
    const store = createMemoryStore({ ...none, spoolFolder: folder, largestInMemory: 10 });
    const sink = store.receive(envelope);
    sink.write(randomBytes(100_000));
    expect(readdirSync(folder)).toHaveLength(1);
    sink.abort();
    sink.abort();
    expect([readdirSync(folder), store.heldOctets, store.messages()]).toEqual([[], 0, []]);
  });

  test('what was written is copied, and what is read is a copy', () => {
    const store = createMemoryStore(none);
    const sink = store.receive(envelope);
    const octets = Buffer.from('abc');
    sink.write(octets);
    octets.fill(0);
    sink.commit('m');
    store.messages()[0]?.octets().fill(0);
    expect(Buffer.from(store.messages()[0]?.octets() ?? []).toString()).toBe('abc');
  });

  test('the limit counts unfinished messages too, and aborting makes room again', () => {
    const store = createMemoryStore({ ...none, totalOctets: 10 });
    const [first, second] = [store.receive(envelope), store.receive(envelope)];
    first.write(Buffer.alloc(6));
    expect(() => second.write(Buffer.alloc(5))).toThrow('message store full: 6 of 10 octets held, 5 more refused');
    first.abort();
    second.write(Buffer.alloc(10));
    second.commit('m');
    expect(store.heldOctets).toBe(10);
  });

  test('an id is a safe file name and used once', () => {
    const store = createMemoryStore(none);
    expect(() => store.receive(envelope).commit('../m')).toThrow('"../m"');
    store.receive(envelope).commit('m');
    expect(() => store.receive(envelope).commit('m')).toThrow('taken');
  });

  test('a spool that cannot be written is an error of the write, and costs nothing', () => {
    const store = createMemoryStore({ ...none, spoolFolder: join(folder, 'missing'), largestInMemory: 1 });
    const sink = store.receive(envelope);
    expect(() => sink.write(Buffer.alloc(2))).toThrow('ENOENT');
    sink.abort();
    expect(store.heldOctets).toBe(0);
  });

  test('committed fingerprints are known', () => {
    const store = createMemoryStore(none);
    store.receive(envelope).commit('m', 'fp');
    expect([store.holds('fp'), store.holds('other')]).toEqual([true, false]);
  });
});
