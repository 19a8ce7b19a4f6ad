/** Which certificates of delivery hosts a client believes (section 7 of the management record digest). */
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import {
  type HostCertificate,
  type HostileAuthority,
  makeAuthority,
  makeSelfSigned,
} from '../../target/hostile-certificate.js';
import type { Case } from '../case.js';
import { clientCase, each, finds, findsAgain, mustFind, mustRefuse, refuses } from './client-case.js';
import { organization, secondary, stranger, tlsValue, unpadded } from './parties.js';
import { boundCertificate, dualHost, oneHost, type Plan, type Rules, Stage } from './stage.js';

let authorities: Promise<readonly [HostileAuthority, HostileAuthority]> | null = null;

/** One that clients are told to trust, and one that they are not. */
export async function bothAuthorities(): Promise<{
  readonly known: HostileAuthority;
  readonly unknown: HostileAuthority;
}> {
  authorities ??= Promise.all([makeAuthority('Suite Authority'), makeAuthority('Other Authority')]);
  const [known, unknown] = await authorities;
  return { known, unknown };
}

type Kind = 'right' | 'self-signed' | 'other-name' | 'unknown-authority' | 'ended' | 'domain-name';

async function certificateOf(kind: Kind, name: string): Promise<HostCertificate> {
  const { known, unknown } = await bothAuthorities();
  switch (kind) {
    case 'right':
      return await known.issue({ name });
    case 'self-signed':
      return await makeSelfSigned(name);
    case 'other-name':
      return await known.issue({ name: `other.${name}` });
    case 'domain-name':
      return await known.issue({ name: name.replace(/^[^.]+\./, '') });
    case 'unknown-authority':
      return await unknown.issue({ name });
    case 'ended':
      return await known.issue({ name, days: -1 });
  }
}

/** A plan whose host has a right certificate, and others to spare; the record binds all of them or has no `tls`. */
async function planOf(
  kinds: readonly Kind[],
  facts: { readonly bound: boolean; readonly dnssec: boolean },
): Promise<Partial<Plan>> {
  const { known } = await bothAuthorities();
  return {
    certificate: (name) => certificateOf('right', name),
    spares: (name) => Promise.all(kinds.map((kind) => certificateOf(kind, name))),
    ...(facts.bound ? {} : { tls: () => [] }),
    delegation: facts.dnssec ? 'secure' : 'insecure',
    trust: () => known.pem,
  };
}

/** Each spare certificate is refused before any command, and the right one is believed. */
async function doubtsSpares(
  context: CaseContext,
  row: string,
  plan: Partial<Plan>,
  whats: readonly string[],
  label = 'dx1',
  rules: Rules = {},
): Promise<void> {
  const stage = await Stage.set(context, plan);
  for (const [index, certificate] of stage.sparesOf(label).entries()) {
    const what = whats[index] ?? '';
    const before = stage.connections.length;
    await refuses(context, row, stage, { ...rules, certificate }, what);
    // One that never came as far has not looked at the certificate.
    const met = stage.connections[before]?.tls != null;
    context.require(row, met, `${what}: to be seen in a handshake first`, `connections: ${stage.visited.join(', ')}`);
  }
  await findsAgain(context, row, stage, whats.join('; '));
}

/** The same rule stands in both catalogues. */
function serverName(row: 'DMTP-006' | 'REC-075', id: string): Case {
  return clientCase({
    id: `dmtp-client/certificates/${id}`,
    title: 'On port 26 the client names the delivery host, and nothing else, by server name indication.',
    decides: [row],
    mostRuns: 1,
    given: each(['dx', 'mx', 'domain'] as const),
    async check(ways, context) {
      for (const way of ways) {
        const label = way === 'domain' ? '' : 'host';
        const plan: Partial<Plan> = {
          hosts: [{ label, addresses: ['127.0.0.1'], doors: [{ port: 26 }] }],
          dx: way === 'dx' ? [label] : [],
          mx: way === 'mx' ? [{ label, preference: 1 }] : [],
        };
        const stage = await finds(context, row, plan, `a host found by ${way}`);
        const names = stage.connections.map(({ tls }) => tls?.serverName ?? null);
        const right = names.length > 0 && names.every((name) => name?.toLowerCase() === stage.nameOf(label));
        context.require(row, right, `the server name ${stage.nameOf(label)}`, JSON.stringify(names));
      }
    },
  });
}

const judgedFirst = clientCase({
  id: 'dmtp-client/certificates/judged-before-any-command',
  title: 'A certificate that is not that of the record ends the session after the handshake, before any command.',
  decides: ['DMTP-068'],
  mostRuns: 1,
  given: each([false, true]),
  async check(modes, context) {
    const { der } = await boundCertificate();
    for (const dual of modes) {
      const plan: Partial<Plan> = {
        ...(dual ? dualHost({}) : oneHost({})),
        spares: async (name) => [await makeSelfSigned(name)],
        tls: () => [tlsValue(der, organization.signing)],
      };
      const what = `another certificate than that of the record${dual ? ', in dual mode' : ''}`;
      await doubtsSpares(context, 'DMTP-068', plan, [what], dual ? 'mx1' : 'dx1');
    }
  },
});

const primaryKeysOnly = clientCase({
  id: 'dmtp-client/certificates/keys-of-the-record-only',
  title:
    'A value of tls that a secondary key of the signet made, or a key of nobody, does not count, even when the signet is known.',
  decides: ['REC-063'],
  mostRuns: 3,
  given: fc.boolean(),
  async check(dnssec, context) {
    const { known } = await bothAuthorities();
    const stage = await Stage.set(context, {
      ttl: 0,
      certificate: (name) => certificateOf('right', name),
      delegation: dnssec ? 'secure' : 'insecure',
      trust: () => known.pem,
    });
    // From here on the client may know the signet and its secondary key.
    mustFind(context, 'REC-063', stage, await stage.lookup(), 'a value of tls by the key of the record');
    const before = stage.connections.length;
    stage.publish({
      tls: (certificates) => certificates.map(({ der }) => tlsValue(der, secondary)),
      delegation: dnssec ? 'secure' : 'insecure',
    });
    const answer = await stage.lookup();
    mustRefuse(context, 'REC-063', stage, answer, 'a value of tls by a secondary key of the signet');
    const asked = stage.connections.slice(before).flatMap(({ lines }) => lines);
    const quiet = asked.every((line) => /^QUIT/i.test(line));
    context.require('REC-063', quiet, 'no command behind such a certificate', JSON.stringify(asked));
  },
});

const everyPair = clientCase({
  id: 'dmtp-client/certificates/every-value-with-every-key',
  title: 'Every value of tls is tried with every primary key of the record, wherever the right pair stands.',
  decides: ['REC-064'],
  mostRuns: 2,
  given: fc.record({
    values: fc.constantFrom(2, 3),
    keys: fc.constantFrom(2, 3),
    others: fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 2 }),
  }),
  async check({ values, keys, others }, context) {
    const other = await makeSelfSigned('other.example');
    const right = unpadded(organization.signing.publicKey);
    // Of others; none of them fits anything.
    const otherKeys = [unpadded(secondary.publicKey), unpadded(stranger.signing.publicKey)].slice(0, keys - 1);
    const otherValues = [tlsValue(other.der, organization.signing), tlsValue(other.der, stranger.signing)];
    const stage = await Stage.set(context, { ttl: 0 });
    for (const [value, key] of [[0, keys - 1], [values - 1, 0], [values - 1, keys - 1], ...others] as const) {
      const [valuePlace, keyPlace] = [value % values, key % keys];
      stage.publish({
        keys: otherKeys.toSpliced(keyPlace, 0, right),
        tls: ([usual = other]) =>
          otherValues.slice(0, values - 1).toSpliced(valuePlace, 0, tlsValue(usual.der, organization.signing)),
      });
      const what = `value ${valuePlace + 1} of ${values} by key ${keyPlace + 1} of ${keys}`;
      mustFind(context, 'REC-064', stage, await stage.lookup(), what);
    }
  },
});

const wrongValues: Readonly<Record<string, (der: Uint8Array, other: Uint8Array) => string>> = {
  'of another certificate': (_, other) => tlsValue(other, organization.signing),
  "by a stranger's key": (der) => tlsValue(der, stranger.signing),
  'with a broken bit': (der) => {
    const octets = Buffer.from(tlsValue(der, organization.signing), 'base64');
    octets.writeUInt8(octets.readUInt8(7) ^ 4, 7);
    return unpadded(octets);
  },
  'of a part of the certificate': (der) => tlsValue(der.subarray(0, -1), organization.signing),
};

const noPair = clientCase({
  id: 'dmtp-client/certificates/no-pair',
  title: 'When the record has tls and no pair verifies the certificate, it is refused, however good it is otherwise.',
  decides: ['REC-065'],
  mostRuns: 2,
  given: fc.record({ hows: each(Object.keys(wrongValues)), dnssec: fc.boolean() }),
  async check({ hows, dnssec }, context) {
    const other = await makeSelfSigned('other.example');
    const kinds: readonly Kind[] = ['right', 'self-signed'];
    for (const [index, kind] of kinds.entries()) {
      const plan: Partial<Plan> = {
        ...(await planOf([kind], { bound: true, dnssec: index === 0 ? dnssec : !dnssec })),
        tls: ([usual = other, spare = other]) => [
          tlsValue(usual.der, organization.signing),
          ...hows.map((how) => wrongValues[how]?.(spare.der, other.der) ?? ''),
        ],
      };
      const what = `values of tls ${hows.join(', ')}, the certificate being ${kind}`;
      await doubtsSpares(context, 'REC-065', plan, [what]);
    }
  },
});

const atOnce = clientCase({
  id: 'dmtp-client/certificates/proven-record-is-enough',
  title: 'A pair that verifies in a record proven by DNSSEC is enough, whatever else is wrong with the certificate.',
  decides: ['REC-066'],
  mostRuns: 1,
  given: each<Kind>(['self-signed', 'other-name', 'unknown-authority', 'ended']),
  async check(kinds, context) {
    const stage = await Stage.set(context, await planOf(kinds, { bound: true, dnssec: true }));
    for (const [index, certificate] of stage.sparesOf('dx1').entries()) {
      stage.change({ certificate });
      const what = `a proven record with a pair, the certificate being ${kinds[index]}`;
      mustFind(context, 'REC-066', stage, await stage.lookup(), what);
    }
  },
});

const unproven = clientCase({
  id: 'dmtp-client/certificates/unproven-record-needs-name-and-chain',
  title: 'Without DNSSEC host name and chain have to be right too, though a pair verifies.',
  decides: ['REC-067'],
  mostRuns: 1,
  given: each<Kind>(['self-signed', 'other-name', 'unknown-authority', 'ended']),
  async check(kinds, context) {
    const plan = await planOf(kinds, { bound: true, dnssec: false });
    const whats = kinds.map((kind) => `an unproven record with a pair, the certificate being ${kind}`);
    await doubtsSpares(context, 'REC-067', plan, whats);
  },
});

const selfSigned = clientCase({
  id: 'dmtp-client/certificates/self-signed-without-tls',
  title: 'Without tls in the record a self-signed certificate is refused, even one that is trusted.',
  decides: ['REC-068'],
  mostRuns: 2,
  given: fc.boolean(),
  async check(dnssec, context) {
    const { known } = await bothAuthorities();
    for (const trusted of [true, false]) {
      const plan: Partial<Plan> = {
        ...(await planOf(['self-signed'], { bound: false, dnssec: trusted === dnssec })),
        trust: (certificates) => known.pem + (trusted ? (certificates[1]?.cert ?? '') : ''),
      };
      const what = `no tls, the certificate being self-signed${trusted ? ' and trusted' : ''}`;
      await doubtsSpares(context, 'REC-068', plan, [what]);
    }
  },
});

const withoutTls = clientCase({
  id: 'dmtp-client/certificates/without-tls-needs-name-and-chain',
  title: 'Without tls in the record host name and chain have to be right, whether the record is proven or not.',
  decides: ['REC-069'],
  mostRuns: 1,
  given: each<Kind>(['other-name', 'unknown-authority', 'ended']),
  async check(kinds, context) {
    const whats = kinds.map((kind) => `no tls, the certificate being ${kind}`);
    for (const dnssec of [true, false]) {
      await doubtsSpares(context, 'REC-069', await planOf(kinds, { bound: false, dnssec }), whats);
    }
  },
});

const hostName = clientCase({
  id: 'dmtp-client/certificates/name-of-the-connection',
  title:
    'The certificate has to be for the host that was connected to, not for the domain, another host, or one that the greeting names.',
  decides: ['REC-070'],
  mostRuns: 2,
  given: fc.record({ bound: fc.boolean(), way: fc.constantFrom('dx', 'mx') }),
  async check({ bound, way }, context) {
    const found: Partial<Plan> = {
      hosts: [{ label: 'host', addresses: ['127.0.0.1'], doors: [{ port: 26 }] }],
      dx: way === 'dx' ? ['host'] : [],
      mx: way === 'mx' ? [{ label: 'host', preference: 1 }] : [],
    };
    const plan = { ...(await planOf(['other-name', 'domain-name'], { bound, dnssec: false })), ...found };
    const whats = ['a certificate for another host', 'a certificate for the domain'];
    // The host says that it is the one that its certificate is for.
    const greeting = '220 <other.host.example> DMTPv1 suite\r\n';
    await doubtsSpares(context, 'REC-070', plan, whats, 'host', { greeting });
  },
});

export const cases: readonly Case[] = [
  serverName('DMTP-006', 'server-name-indication'),
  serverName('REC-075', 'server-name-of-the-host-that-is-judged'),
  judgedFirst,
  primaryKeysOnly,
  everyPair,
  noPair,
  atOnce,
  unproven,
  selfSigned,
  withoutTls,
  hostName,
];
