import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConductTable } from '../conduct.js';
import { respond } from '../respond.js';
import { signedTree, treeKeys, validityAround } from '../signing/tree.js';
import { indexZones } from '../zone.js';
import { parseAnchors } from './anchors.js';
import { Unanswered } from './chain.js';
import { encodeQuery, readReply, types } from './message.js';
import { resolve } from './validator.js';

const now = 1_700_000_000;
const origin = 'a.test';
const { zones, trustAnchor } = signedTree({
  keys: treeKeys({ random: randomBytes, combined: true, algorithm: 15 }),
  validity: validityAround(now * 1000),
  domains: [
    {
      origin,
      records: [
        { name: `x.${origin}`, ttl: 60, type: 'TXT', strings: ['right'] },
        { name: `alias.${origin}`, ttl: 60, type: 'CNAME', target: `x.${origin}` },
      ],
    },
  ],
});
const index = indexZones(zones);
const anchors = parseAnchors([trustAnchor]);
const right = Buffer.from('\x05right');

/** Answers in process; `bend` may change the octets of a reply, `count` tells which one it is. */
function asking(bend: (reply: Buffer, count: number) => Buffer = (reply) => reply) {
  let count = 0;
  return async (name: string, type: number) => {
    const query = encodeQuery(7, { name, type }, 4096);
    const octets = respond(index, query, 'tcp', 4096, new ConductTable())?.octets ?? null;
    const reply = octets === null ? 'no reply' : readReply(bend(octets, count), 7, { name, type });
    count += 1;
    if (typeof reply === 'string') throw new Unanswered('silent', reply);
    return reply;
  };
}

const lookUp = (name: string, ask = asking(), limits = {}) =>
  resolve({ name, type: types.TXT }, { anchors, ask, now, limits });

describe('a lookup', () => {
  it('proves what is there, what is not, and the way to it', async () => {
    expect(await lookUp('x.a.test')).toMatchObject({ records: [{ data: right }], verdict: { state: 'secure' } });
    expect(await lookUp('alias.a.test')).toMatchObject({ records: [{ data: right }], verdict: { state: 'secure' } });
    expect(await lookUp('none.a.test')).toMatchObject({ rcode: 3, records: [], verdict: { state: 'secure' } });
    expect(await lookUp('a.test')).toMatchObject({ rcode: 0, records: [], verdict: { state: 'secure' } });
  });

  it('is never secure with anything else, whichever octet of whichever reply is changed', async () => {
    const names = fc.constantFrom('x.a.test', 'alias.a.test', 'none.a.test');
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.nat({ max: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, where, by) => {
          const bent = asking((reply, count) => {
            if (count !== at) return reply;
            const changed = Buffer.from(reply);
            const offset = where % changed.length;
            changed.writeUInt8(changed.readUInt8(offset) ^ by, offset);
            return changed;
          });
          const found = await lookUp(name, bent).catch((error: unknown) => {
            if (error instanceof Unanswered) return null;
            throw error;
          });
          if (found?.verdict.state !== 'secure' || (found.rcode !== 0 && found.rcode !== 3)) return;
          const data = found.records.map((record) => record.data);
          expect(data).toEqual(name === 'none.a.test' ? [] : [right]);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('under an anchor below a zone is not led past it by a signer that is named above', async () => {
    const deep = parseAnchors([trustAnchor.replace('. IN', 'x.a.test. IN')]);
    const found = await resolve({ name: 'x.a.test', type: types.TXT }, { anchors: deep, ask: asking(), now });
    expect(found.verdict).toMatchObject({ state: 'bogus', step: 'keys' });
  });
});
