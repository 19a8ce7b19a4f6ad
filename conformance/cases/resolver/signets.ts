/** What the keys of the record are for: the signet of the organization (section 8 of the management record digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { base64 } from '../record/record-inputs.js';
import { mustBe, profiles2015, spoken } from '../signet-codec/signet-calls.js';
import { specimen, worldOf, worlds } from '../signet-codec/signet-inputs.js';
import { dnsOf, lookUp, mustFind, newDomain, resolverCase } from './resolver-case.js';

const keyInTheRecord = resolverCase({
  id: 'resolver/signets/key-in-the-record',
  title:
    'The signet of an organization is accepted when its key is one of the keys that its record has, and only then.',
  decides: ['REC-076'],
  given: fc.record({ world: worlds, place: fc.nat(2), more: fc.nat(2) }),
  async check({ world, place, more }, context) {
    const { organization, stranger, user, before } = worldOf(world);
    const others = [stranger, user, before].slice(0, Math.max(more, 1)).map(({ signing }) => signing.publicKey);
    const lists = {
      its: [...others.slice(0, place), organization.signing.publicKey, ...others.slice(place)],
      others,
    };
    const dns = await dnsOf(context);
    for (const profile of spoken(context, profiles2015)) {
      const signet = specimen(profile, 'organization', worldOf(world));
      for (const [whose, list] of Object.entries(lists)) {
        const domain = newDomain();
        const keys = list.map(base64);
        dns.publish(domain, ['ver=1', ...keys.map((key) => `pok=${key}`)].join(' '));
        const answer = await lookUp(context, dns, domain);
        mustFind(context, 'REC-076', answer, { keys }, `a record with ${keys.length} keys`);
        const found = answer.kind === 'result' ? (answer.value.primary as readonly string[]) : [];
        const primaryKeys = found.map((key) => new Uint8Array(Buffer.from(key, 'base64url')));
        const right = whose === 'its' ? (['cryptographic'] as const) : (['unknown'] as const);
        const what = `the signet of an organization whose key is ${whose === 'its' ? '' : 'not '}in the record of its domain`;
        await mustBe(context, 'REC-076', signet, { primaryKeys }, right, what);
      }
    }
  },
});

export const cases: readonly Case[] = [keyInTheRecord];
