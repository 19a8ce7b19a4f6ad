/** Signets against the keys of others: of the management record and of the organization (section 7.3 of the signets digest). */
import fc from 'fast-check';
import {
  type Field,
  type Form,
  forms,
  lastId,
  organizationFields,
  secondaryKeyField,
  signatureField,
  signetOctets,
  userFields,
} from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { mustBe, profiles2015, spoken, told } from './signet-calls.js';
import { flipped, replaced, signetKinds, specimen, worldOf, worlds, written } from './signet-inputs.js';

const validates = { class: 'signet-codec', needs: ['adapter'], operation: 'signet.validate' } as const;

const kindOfSignet = fc.constantFrom(...signetKinds);

const anyForm = fc.constantFrom(...forms);

const primaryKeyKnown = defineCase({
  ...validates,
  id: 'signet/states/unknown-without-primary-key',
  title: 'The signet of an organization is unknown when no primary key of the management record is its own.',
  decides: ['SIG-052'],
  given: () => fc.record({ world: worlds, form: anyForm, others: fc.nat(3) }),
  check: async ({ world, form, others }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const { octets } = specimen(profile, 'organization', people, { form });
      const strange = [people.stranger, people.user, people.before]
        .slice(0, others)
        .map(({ signing }) => signing.publicKey);
      const what = `an organization's signet with ${others} primary keys of others`;
      await mustBe(context, 'SIG-052', { profile, octets }, { primaryKeys: strange }, ['unknown'], what);
      await mustBe(context, 'SIG-052', { profile, octets }, {}, ['unknown'], 'a signet without a list of primary keys');
    }
  },
});

const primaryKeysCompared = defineCase({
  ...validates,
  id: 'signet/states/each-primary-key-compared',
  title: 'Field 1 of an organization is compared with every primary key of the record, wherever it stands.',
  decides: ['SIG-081'],
  given: () => fc.record({ world: worlds, place: fc.nat(3) }),
  check: async ({ world, place }, context) => {
    const people = worldOf(world);
    const others = [people.stranger, people.user, people.before].map(({ signing }) => signing.publicKey);
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, 'organization', people);
      const primaryKeys = [...others.slice(0, place), people.organization.signing.publicKey, ...others.slice(place)];
      const what = `an organization's signet whose key is number ${place + 1} of the record`;
      await mustBe(context, 'SIG-081', right, { primaryKeys }, ['cryptographic'], what);
      await mustBe(
        context,
        'SIG-081',
        right,
        { primaryKeys: others },
        ['unknown'],
        'a signet whose key is in no record',
      );
    }
  },
});

const signaturesHold = defineCase({
  ...validates,
  id: 'signet/states/invalid-when-a-signature-fails',
  title: "A signet is invalid when one of the organization's signatures up to its form does not hold.",
  decides: ['SIG-053'],
  given: () => fc.record({ world: worlds, kind: kindOfSignet, form: anyForm, broken: anyForm, place: fc.nat(63) }),
  check: async ({ world, kind, form, broken, place }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const low = Math.min(forms.indexOf(form), forms.indexOf(broken));
      const id = lastId(kind, forms[low] ?? 'cryptographic');
      const { fields, against } = specimen(profile, kind, people, { form });
      const bent = replaced(fields, id, (field) => [{ id, data: flipped(field.data, place) }]);
      // The signatures above are right over the wrong one.
      const again: Field[] = [];
      for (const field of bent) {
        const above = field.id > id && field.id !== 254;
        again.push(above ? signatureField(profile, kind, again, field.id, people.organization.signing) : field);
      }
      const what = `${told[kind]} of the form ${form} whose signature ${id} does not hold`;
      await mustBe(context, 'SIG-053', written(profile, kind, again), against, ['invalid'], what);
    }
  },
});

const againstOrganization = defineCase({
  ...validates,
  id: 'signet/states/user-against-organization',
  title: 'A user signet is validated against the signet of its organization: without a whole one it is unknown.',
  decides: ['SIG-054'],
  given: () => fc.record({ world: worlds, form: anyForm }),
  check: async ({ world, form }, context) => {
    const people = worldOf(world);
    for (const profile of spoken(context, profiles2015)) {
      const right = specimen(profile, 'user', people, { form });
      await mustBe(context, 'SIG-054', right, right.against, [form], 'a user signet and its organization');
      await mustBe(context, 'SIG-054', right, {}, ['unknown'], 'a user signet without an organization');
      const whole = organizationFields(profile, people.organization);
      const part = signetOctets(
        profile,
        'organization',
        whole.filter(({ id }) => id !== 4),
      );
      await mustBe(
        context,
        'SIG-054',
        right,
        { organization: part },
        ['unknown'],
        'a user signet and an incomplete organization',
      );
      const user = { organization: specimen(profile, 'user', people).octets };
      await mustBe(
        context,
        'SIG-054',
        right,
        user,
        ['unknown'],
        'a user signet and a user signet for its organization',
      );
      const other = signetOctets(profile, 'organization', organizationFields(profile, people.stranger));
      await mustBe(
        context,
        'SIG-054',
        right,
        { organization: other },
        ['invalid'],
        'a user signet and another organization',
      );
    }
  },
});

const differentKeys = defineCase({
  ...validates,
  id: 'signet/states/each-signature-by-a-key-of-its-own',
  title: 'The three signatures on a user signet may be made by different keys of the organization.',
  decides: ['SIG-055'],
  given: () => fc.record({ world: worlds, who: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)) }),
  check: async ({ world, who }, context) => {
    const people = worldOf(world);
    const keys = [people.organization.signing, people.secondary.signing, people.before.signing];
    for (const profile of spoken(context, profiles2015)) {
      const secondary = [secondaryKeyField(1, people.secondary.signing), secondaryKeyField(9, people.before.signing)];
      const fields = organizationFields(profile, people.organization, { secondary });
      const organization = signetOctets(profile, 'organization', fields);
      const signer = (form: Form): (typeof keys)[number] =>
        keys[who[forms.indexOf(form)] ?? 0] ?? people.organization.signing;
      const user = written(profile, 'user', userFields(profile, people.user, { signer, form: 'identifiable' }));
      const what = `a user signet signed by the keys ${who.map((index) => index + 1).join(', ')} of its organization`;
      await mustBe(context, 'SIG-055', user, { organization }, ['identifiable'], what);
    }
  },
});

export const cases: readonly Case[] = [
  primaryKeyKnown,
  primaryKeysCompared,
  signaturesHold,
  againstOrganization,
  differentKeys,
];
