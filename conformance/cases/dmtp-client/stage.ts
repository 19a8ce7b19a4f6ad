/** A stage of the class `dmtp-client`: a new domain in DNS, its hosts on this machine, and the calls of the client. */
import { randomBytes } from 'node:crypto';
import type { CaseContext } from '../../runner/context.js';
import { type HostCertificate, makeSelfSigned } from '../../target/hostile-certificate.js';
import {
  type Door,
  type HostileDmtp,
  type SeenConnection,
  type StandardPort,
  startHostileDmtp,
} from '../../target/hostile-dmtp.js';
import { type DnsRecord, type MockDns, queryText, recordsOf, startMockDns } from '../../target/mock-dns.js';
import type { Answer } from '../record/record-calls.js';
import {
  binary,
  identityOf,
  inProtocol,
  organization,
  organizationSignet,
  type Served,
  tlsValue,
  unpadded,
  userSignet,
} from './parties.js';
import { type HostRules, type Published, rightGreeting, rightSecured, rightStored, scriptOf } from './right-host.js';

export type Rules = Partial<HostRules>;

export interface HostPlan {
  /** Stands before the domain; empty for the domain itself. */
  readonly label: string;
  /** Of its A and AAAA records, in this order. */
  readonly addresses: readonly string[];
  /** Open ports, right but for these rules; on all addresses, or on one. */
  readonly doors: readonly { readonly port: StandardPort; readonly at?: string; readonly rules?: Rules }[];
}

export interface Plan {
  readonly hosts: readonly HostPlan[];
  /** Labels of the `dx` fields, in order. */
  readonly dx: readonly string[];
  readonly mx: readonly { readonly label: string; readonly preference: number }[];
  /** What every host has unless its rules say otherwise; by its name. */
  readonly certificate: (name: string) => Promise<HostCertificate>;
  /** Others that a host can be given while the stage stands: see change. */
  readonly spares: (name: string) => Promise<readonly HostCertificate[]>;
  /** The `tls` fields, given all certificates that hosts have or can be given. */
  readonly tls: (certificates: readonly HostCertificate[]) => readonly string[];
  /** The `pok` fields. */
  readonly keys: readonly string[];
  readonly delegation: 'secure' | 'insecure';
  /** Seconds. */
  readonly ttl: number;
  /** What is wrong with DNS, once all is published. */
  readonly bend: (dns: MockDns, domain: string) => void;
  /** Signets that every host has, by local part; the domain's by the empty text. */
  readonly signets: (domain: string) => Readonly<Record<string, readonly Served[]>>;
  /** The domain above the new one. */
  readonly above: string;
  /** PEM; null: nothing is said of trust. */
  readonly trust: (certificates: readonly HostCertificate[]) => string | null;
}

const user = identityOf('user');
const rightKeys: readonly string[] = [unpadded(organization.signing.publicKey)];

let bound: Promise<HostCertificate> | null = null;

/** A record that is proven and binds this certificate makes it right for any host. */
export function boundCertificate(): Promise<HostCertificate> {
  bound ??= makeSelfSigned('dx.suite.example');
  return bound;
}

let usualSignets: { readonly '': Served; readonly user: Served } | null = null;

/** Signets in the full form hold no name, so that they serve every domain. */
function usual(): { readonly '': Served; readonly user: Served } {
  usualSignets ??= { '': organizationSignet(), user: userSignet({}, user) };
  return usualSignets;
}

/** One host, named in a proven record that binds its certificate; it knows the domain and one user. */
const rightPlan: Plan = {
  hosts: [{ label: 'dx1', addresses: ['127.0.0.1'], doors: [{ port: 26 }] }],
  dx: ['dx1'],
  mx: [],
  certificate: boundCertificate,
  spares: async () => [],
  tls: (certificates) => certificates.map(({ der }) => tlsValue(der, organization.signing)),
  keys: rightKeys,
  delegation: 'secure',
  ttl: 300,
  bend: () => undefined,
  signets: () => {
    const { '': own, user: users } = usual();
    return { '': [own], user: [users] };
  },
  above: 'example',
  trust: () => null,
};

/** The one host of the right plan, with other rules. */
export const oneHost = (rules: Rules): Pick<Plan, 'hosts'> => ({
  hosts: [{ label: 'dx1', addresses: ['127.0.0.1'], doors: [{ port: 26, rules }] }],
});

/** The one host found by MX, in dual mode on port 25. */
export const dualHost = (rules: Rules): Pick<Plan, 'hosts' | 'dx' | 'mx'> => ({
  hosts: [{ label: 'mx1', addresses: ['127.0.0.1'], doors: [{ port: 25, rules }] }],
  dx: [],
  mx: [{ label: 'mx1', preference: 10 }],
});

/** A client that is patient with each of several hosts may take so long. */
const callMs = 25_000;

export class Stage {
  private constructor(
    readonly domain: string,
    readonly dns: MockDns,
    readonly hostile: HostileDmtp,
    private readonly context: CaseContext,
    private readonly plan: Plan,
    private readonly published: ReadonlyMap<string, readonly Served[]>,
    private readonly names: ReadonlyMap<string, string>,
    private readonly certificates: readonly HostCertificate[],
    private readonly spares: ReadonlyMap<string, readonly HostCertificate[]>,
    private readonly standing: { rules: Rules },
  ) {}

  static async set(context: CaseContext, changes: Partial<Plan> = {}): Promise<Stage> {
    const plan = { ...rightPlan, ...changes };
    const domain = `d${randomBytes(5).toString('hex')}.${plan.above}`;
    const nameOf = (label: string): string => (label === '' ? domain : `${label}.${domain}`);
    const published = new Map(
      Object.entries(plan.signets(domain)).map(([local, chain]) => [
        local === '' ? domain : `${local}@${domain}`,
        chain,
      ]),
    );
    const certificates = new Map<string, HostCertificate>();
    const spares = new Map<string, readonly HostCertificate[]>();
    for (const name of plan.hosts.map(({ label }) => nameOf(label))) {
      certificates.set(name, await plan.certificate(name));
      spares.set(name, await plan.spares(name));
    }
    const standing: { rules: Rules } = { rules: {} };
    const doors = plan.hosts.flatMap((host) =>
      doorsOf(host, nameOf(host.label), certificates, published, () => standing.rules),
    );
    const hostile = context.keep(
      await startHostileDmtp(doors, { onEvent: (number, event, text) => context.transcript.add(event, number, text) }),
    );
    const onQuery = (query: Parameters<typeof queryText>[0]): void =>
      context.transcript.add('query', 0, queryText(query));
    const dns = context.keep(await startMockDns({ onQuery }));
    const names = new Map(
      plan.hosts.flatMap(({ label, addresses }) => addresses.map((address) => [address, label] as const)),
    );
    const stage = new Stage(
      domain,
      dns,
      hostile,
      context,
      plan,
      published,
      names,
      [...new Set([...certificates.values(), ...[...spares.values()].flat()])],
      spares,
      standing,
    );
    stage.publish();
    plan.bend(dns, domain);
    return stage;
  }

  /** Publishes the record, or one with other fields in place of those of the plan. */
  publish(changes: Partial<Pick<Plan, 'tls' | 'keys' | 'dx' | 'delegation'>> = {}): void {
    const { hosts, mx, ttl, ...rest } = this.plan;
    const { tls, keys, dx, delegation } = { ...rest, ...changes };
    const nameOf = (label: string): string => this.nameOf(label);
    const fields = [
      'ver=1',
      ...keys.map((key) => `pok=${key}`),
      ...tls(this.certificates).map((value) => `tls=${value}`),
      ...dx.map((label) => `dx=${nameOf(label)}`),
    ];
    const records: DnsRecord[] = recordsOf(this.domain, [fields.join(' ')], ttl);
    for (const { label, addresses } of hosts) {
      for (const address of addresses) {
        records.push({ name: nameOf(label), ttl, type: address.includes(':') ? 'AAAA' : 'A', address });
      }
    }
    for (const { label, preference } of mx) {
      records.push({ name: this.domain, ttl, type: 'MX', preference, exchange: nameOf(label) });
    }
    this.dns.publish(this.domain, records, { ttl, delegation });
  }

  /** From the next connection on every host has these rules before its own. */
  change(rules: Rules): void {
    this.standing.rules = rules;
  }

  sparesOf(label: string): readonly HostCertificate[] {
    return this.spares.get(this.nameOf(label)) ?? [];
  }

  nameOf(label: string): string {
    return label === '' ? this.domain : `${label}.${this.domain}`;
  }

  get user(): string {
    return `user@${this.domain}`;
  }

  get connections(): readonly SeenConnection[] {
    return this.hostile.connections;
  }

  /** Hosts and ports in the order of the connections: `dx1 26`. */
  get visited(): readonly string[] {
    return this.connections.map(({ address, port }) => `${this.names.get(address) || 'domain'} ${port}`);
  }

  /** All lines inside TLS, of all connections, without their ends. */
  get lines(): readonly string[] {
    return this.connections.flatMap(({ lines }) => lines.map((line) => line.replace(/\r?\n$/, '')));
  }

  /** The newest signet of a name, as it is served. */
  newest(name: string): Served {
    const found = this.published.get(name)?.at(-1);
    if (found === undefined) throw new RangeError(`no signet of ${name} is served`);
    return found;
  }

  async lookup(name = this.user, fingerprint?: string): Promise<Answer> {
    const wanted = fingerprint === undefined ? {} : { fingerprint: inProtocol(fingerprint) };
    return await this.#call('dmtp.lookup', { name, ...wanted });
  }

  async verify(fingerprint: string, name = this.user): Promise<Answer> {
    return await this.#call('dmtp.verify', { name, fingerprint: inProtocol(fingerprint) });
  }

  async history(start: string, stop?: string, name = this.user): Promise<Answer> {
    const end = stop === undefined ? {} : { stop: inProtocol(stop) };
    return await this.#call('dmtp.history', { name, fingerprint: inProtocol(start), start: inProtocol(start), ...end });
  }

  async deliver(letter: {
    readonly message: Uint8Array;
    readonly origin: string;
    readonly originFingerprint: string;
    readonly return?: string;
    /** The client has to find the destination's itself. */
    readonly withoutDestination?: boolean;
  }): Promise<Answer> {
    const own = this.newest(this.domain).fingerprints.full ?? '';
    return await this.#call('dmtp.deliver', {
      message: binary(letter.message),
      origin: letter.origin,
      destination: this.domain,
      fingerprints: {
        origin: inProtocol(letter.originFingerprint),
        ...(letter.withoutDestination === true ? {} : { destination: inProtocol(own) }),
      },
      ...(letter.return === undefined ? {} : { return: letter.return }),
    });
  }

  async #call(operation: string, input: Record<string, unknown>): Promise<Answer> {
    const { dns, hostile, plan } = this;
    const trust = plan.trust(this.certificates);
    const surroundings = {
      dns: { ...dns.endpoint },
      ports: hostile.ports,
      ...(trust === null ? {} : { trust }),
    };
    return await this.context.call(operation, { ...input, ...surroundings }, callMs);
  }
}

function doorsOf(
  { addresses, doors }: HostPlan,
  name: string,
  certificates: ReadonlyMap<string, HostCertificate>,
  signets: Published,
  standing: () => Rules,
): Door[] {
  const usualCertificate = certificates.get(name);
  if (usualCertificate === undefined) return [];
  return doors.flatMap(({ port, at, rules = {} }) => {
    const script = () => {
      const tls = rules.tls ?? (port === 26 ? 'at-once' : 'later');
      return scriptOf({
        name,
        tls,
        certificate: usualCertificate,
        signets,
        greeting: rightGreeting(name, tls),
        secured: rightSecured,
        messageOctets: 0,
        reply: (_asked, right) => right,
        stored: rightStored,
        ...rules,
        ...standing(),
      });
    };
    return (at === undefined ? addresses : [at]).map((address) => ({ address, port, script }));
  });
}
