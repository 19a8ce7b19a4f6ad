/** Certificates that were revoked, and what OCSP responders say (section 7.5 of the management record digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { type OcspConduct, startHostileOcsp } from '../../target/hostile-ocsp.js';
import type { Case } from '../case.js';
import { bothAuthorities } from './certificates.js';
import { clientCase, each, fate, isFound, mustAskNothing, mustFind, mustRefuse } from './client-case.js';
import { Stage } from './stage.js';

/** A host with several certificates that name a responder, so that what a client remembers of one says nothing of others. */
async function judged(
  context: CaseContext,
  row: string,
  wrongs: readonly OcspConduct[],
  rights: readonly OcspConduct[] = [{ status: 'good' }],
): Promise<void> {
  const { known } = await bothAuthorities();
  let conduct: OcspConduct = { status: 'good' };
  const tell = (text: string): void => context.transcript.add('note', 0, text);
  const responder = context.keep(await startHostileOcsp(known, () => conduct, tell));
  const conducts = [...wrongs, ...rights];
  const stage = await Stage.set(context, {
    spares: (name) => Promise.all(conducts.map(async () => await known.issue({ name, ocsp: responder.url }))),
    tls: () => [],
    trust: () => known.pem,
  });
  for (const [index, certificate] of stage.sparesOf('dx1').entries()) {
    conduct = conducts[index] ?? conduct;
    stage.change({ certificate });
    const [before, asked] = [stage.connections.length, responder.asked];
    const answer = await stage.lookup();
    const what = `a certificate with the OCSP response ${JSON.stringify(conduct)}`;
    if (rights.includes(conduct)) mustFind(context, row, stage, answer, what);
    else {
      mustRefuse(context, row, stage, answer, what);
      mustAskNothing(context, row, stage, what, before);
    }
    context.require(row, responder.asked > asked, `${what}: the responder to be asked`, fate(stage, answer));
  }
}

const asked = clientCase({
  id: 'dmtp-client/revocation/asked-without-tls',
  title: 'Without tls in the record the responder that the certificate names is asked, and its good answer is enough.',
  decides: ['REC-069'],
  mostRuns: 2,
  given: fc.constantFrom<OcspConduct>({ status: 'good' }, { status: 'good', nextUpdate: 86_400 }),
  async check(conduct, context) {
    await judged(context, 'REC-069', [{ status: 'revoked' }], [conduct]);
  },
});

const revoked = clientCase({
  id: 'dmtp-client/revocation/revoked',
  title: 'A certificate that a valid OCSP response calls revoked is refused.',
  decides: ['REC-071'],
  mostRuns: 2,
  given: each<OcspConduct>([{ status: 'revoked' }, { status: 'revoked', thisUpdate: -3600 }]),
  async check(conducts, context) {
    await judged(context, 'REC-071', conducts);
  },
});

const noResponder = clientCase({
  id: 'dmtp-client/revocation/no-responder',
  title: 'A certificate that names no responder may be taken as passed.',
  decides: ['REC-072'],
  mostRuns: 1,
  given: fc.constant(null),
  async check(_, context) {
    const { known } = await bothAuthorities();
    const stage = await Stage.set(context, {
      certificate: (name) => known.issue({ name }),
      tls: () => [],
      trust: () => known.pem,
    });
    const answer = await stage.lookup();
    context.took('REC-072', isFound(stage, answer), fate(stage, answer)().slice(0, 100));
  },
});

const forged = clientCase({
  id: 'dmtp-client/revocation/nonce-and-signature',
  title:
    'An OCSP response with another nonce, or with a signature that does not verify, is no pass: the certificate is refused.',
  decides: ['REC-073'],
  mostRuns: 2,
  given: each<OcspConduct>([
    { status: 'good', nonce: 'other' },
    { status: 'good', signedBy: 'stranger' },
    { status: 'good', signedBy: 'broken' },
  ]),
  async check(conducts, context) {
    await judged(context, 'REC-073', conducts);
  },
});

const times = clientCase({
  id: 'dmtp-client/revocation/times',
  title: 'The times of an OCSP response may be off by 300 seconds, and not by much more.',
  decides: ['REC-074'],
  mostRuns: 3,
  given: fc.record({ within: fc.integer({ min: 30, max: 240 }), beyond: fc.integer({ min: 900, max: 100_000 }) }),
  async check({ within, beyond }, context) {
    const early = (seconds: number): OcspConduct => ({
      status: 'good',
      thisUpdate: seconds,
      nextUpdate: seconds + 3600,
    });
    const late = (seconds: number): OcspConduct => ({
      status: 'good',
      thisUpdate: -seconds - 3600,
      nextUpdate: -seconds,
    });
    await judged(context, 'REC-074', [early(beyond), late(beyond)], [early(within), late(within)]);
  },
});

export const cases: readonly Case[] = [asked, revoked, noResponder, forged, times];
