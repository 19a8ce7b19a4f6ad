/** The forms of a signet and their fingerprints (sections 6, 8, 11.7 and 13 of the signets digest). */
import fc from 'fast-check';
import {
  fingerprint,
  forms,
  type Kind,
  lastId,
  type Octets,
  type Profile,
  requestFields,
  signetOctets,
  utf8,
} from '../../model/signet-builder.js';
import { armored, checksum } from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase, nothing } from '../case.js';
import { samples } from './samples.js';
import {
  base64url,
  isRefusal,
  mustBe,
  octetsIn,
  profiles2015,
  quoted,
  same,
  show,
  spoken,
  told,
} from './signet-calls.js';
import {
  detailFields,
  kinds,
  type Specimen,
  signetKinds,
  specimen,
  worldOf,
  worlds,
  written,
} from './signet-inputs.js';

const adapter = { class: 'signet-codec', needs: ['adapter'] } as const;
const fingerprints = { ...adapter, operation: 'signet.fingerprint' } as const;
const kindOfSignet = fc.constantFrom(...signetKinds);
const anyForm = fc.constantFrom(...forms);

/** States that an adapter gives this fingerprint. */
async function mustHave(
  context: CaseContext,
  requirement: string,
  { profile, octets }: { readonly profile: Profile; readonly octets: Octets },
  kind: string,
  right: Octets,
): Promise<void> {
  const answer = await context.call('signet.fingerprint', { profile, data: base64url(octets), kind });
  const seen = answer.kind === 'result' ? octetsIn(answer.value, 'fingerprint') : null;
  const expected = `the ${kind} fingerprint ${base64url(right)} of ${quoted(octets)} (profile ${profile})`;
  context.require(requirement, same(seen, right), expected, show(answer));
}

/** The fields up to the end of a form. */
function cut(specimenOf: Specimen, last: number): Specimen {
  const { profile, kind, fields, against } = specimenOf;
  return written(
    profile,
    kind,
    fields.filter(({ id }) => id <= last),
    against,
  );
}

const splitting = defineCase({
  ...adapter,
  operation: 'signet.validate',
  id: 'signet/forms/lower-forms-by-cutting',
  title:
    'What is left of a signet when the fields above a form are cut off is that form, valid and with its fingerprint.',
  decides: ['SIG-047'],
  given: () =>
    kindOfSignet.chain((kind) =>
      fc.record({ world: worlds, kind: fc.constant(kind), form: anyForm, details: detailFields(kind) }),
    ),
  check: async ({ world, kind, form, details }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const whole = specimen(profile, kind, worldOf(world), { form: 'identifiable', details });
      const lower = cut(whole, lastId(kind, form));
      const what = `${told[kind]} cut to its ${form} form`;
      await mustBe(context, 'SIG-047', lower, whole.against, [form], what);
    }
  },
});

const covered = defineCase({
  ...fingerprints,
  id: 'signet/fingerprints/fields-of-the-form',
  title: 'A fingerprint is SHA-512 over the fields up to the last signature of the form, without the header.',
  decides: ['SIG-064'],
  given: () =>
    kindOfSignet.chain((kind) =>
      fc.record({
        world: worlds,
        kind: fc.constant(kind),
        form: anyForm,
        higher: fc.boolean(),
        details: detailFields(kind),
      }),
    ),
  check: async ({ world, kind, form, higher, details }, context) => {
    for (const profile of spoken(context, profiles2015)) {
      const whole = specimen(profile, kind, worldOf(world), { form: 'identifiable', details });
      const last = lastId(kind, form);
      const right = fingerprint(profile, kind, whole.fields, last);
      await mustHave(context, 'SIG-064', higher ? whole : cut(whole, last), form, right);
    }
  },
});

const allKinds = defineCase({
  ...fingerprints,
  id: 'signet/fingerprints/all-kinds',
  title: 'There are fingerprints of signing requests, of the cryptographic, the full and the identifiable form.',
  decides: ['SIG-066'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet }),
  check: async ({ world, kind }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const request = requestFields(profile, people.user);
      const data = { profile, octets: signetOctets(profile, 'signing-request', request) };
      const right = fingerprint(profile, 'signing-request', request, 5);
      await mustHave(context, 'SIG-066', data, 'signing-request', right);
      // A user signet has the fingerprint of the request that it was made of.
      const details = [{ id: 16, data: utf8('Name') }];
      await mustHave(context, 'SIG-066', specimen(profile, 'user', people), 'signing-request', right);
      const whole = specimen(profile, kind, people, { form: 'identifiable', details });
      for (const form of forms) {
        const formsOwn = fingerprint(profile, kind, whole.fields, lastId(kind, form));
        await mustHave(context, 'SIG-066', whole, form, formsOwn);
      }
      const wrong = await context.call('signet.fingerprint', { profile, data: base64url(data.octets), kind: 'full' });
      context.require(
        'SIG-066',
        isRefusal(wrong),
        'a full fingerprint of a signing request to be refused',
        show(wrong),
      );
    }
  },
});

const ofPrime = defineCase({
  ...fingerprints,
  id: 'signet/fingerprints/cryptographic-fields-in-prime',
  title: 'In prime the fingerprint is SHA-512 over the cryptographic fields, raw.',
  decides: ['SIG-095'],
  given: () => fc.record({ world: worlds, kind: fc.constantFrom(...kinds) }),
  check: async ({ world, kind }, context) => {
    for (const profile of spoken(context, ['prime'])) {
      const whole = specimen(profile, kind, worldOf(world));
      const last: Record<Kind, number> = { organization: 4, user: 6, 'signing-request': 5 };
      const right = fingerprint(profile, kind, whole.fields, last[kind]);
      await mustHave(context, 'SIG-095', whole, kind === 'signing-request' ? kind : 'cryptographic', right);
    }
  },
});

const published = defineCase({
  ...adapter,
  operation: 'signet.parse',
  id: 'signet/published/sample-objects',
  title: 'The sample objects of the tests of magma are read, and have their published checksums and fingerprints.',
  decides: ['SIG-096'],
  mostRuns: 1,
  given: nothing,
  check: async (_nothing, context) => {
    const profile = spoken(context, ['dime-2015-magma'])[0];
    if (profile === undefined) return;
    for (const { kind, label, data, crc, fields, fingerprints: known } of samples) {
      const octets = new Uint8Array(Buffer.from(data, 'base64'));
      context.require('SIG-096', checksum(octets) === crc, `a checksum ${crc} in the suite itself`, checksum(octets));
      const answer = await context.call('signet.parse', { profile, armored: armored(label, octets) });
      const seen =
        answer.kind === 'result' && Array.isArray(answer.value.fields) ? (answer.value.fields as unknown[]) : [];
      const holds =
        seen.length === fields.length &&
        fields.every(([id, offset, size], index) => {
          const found = octetsIn(seen[index], 'data');
          const start = octets.subarray(5 + offset)[0];
          return start === id && found !== null && found.length === size && holdsAt(octets, 5 + offset, found);
        });
      context.require('SIG-096', holds, `the fields of the sample ${kind} of magma`, show(answer));
      for (const [form, text] of Object.entries(known)) {
        await mustHave(context, 'SIG-096', { profile, octets }, form, new Uint8Array(Buffer.from(text, 'base64')));
      }
    }
  },
});

/** Whether the data of the field that begins at `start` ends with `found`: behind its id and, if any, its length. */
function holdsAt(octets: Octets, start: number, found: Octets): boolean {
  return [1, 2].some((head) => same(octets.subarray(start + head, start + head + found.length), found));
}

export const cases: readonly Case[] = [splitting, covered, allKinds, ofPrime, published];
