/**
 * A small DMTP client whose every decision is a rule with a name, so that a fault replaces one of them and nothing else.
 * With the rules as they stand it is a right client. It looks up records and reads signets by operations of the adapter
 * that other classes judge, and shares no code with the reference client.
 */
import type { TLSSocket } from 'node:tls';
import type { Operation, Operations } from '../target/adapter/serve.js';
import { type DnsQuestionType, resolveDns } from '../target/dns-client.js';
import { type CertificateView, matches, type OcspView, type Pair, viewOf } from './dmtp-small-certificate.js';
import { type Letter, type SessionRules, SmallSession } from './dmtp-small-session.js';
import { refuse, SmallWire, type WireRules } from './dmtp-small-wire.js';

type Members = Readonly<Record<string, unknown>>;

interface Surroundings {
  readonly dns: { readonly host: string; readonly port: number; readonly anchors?: readonly string[] };
  readonly trust?: string;
  readonly ports?: Readonly<Record<string, number>>;
}

interface DomainRecord {
  readonly primary: readonly Uint8Array[];
  readonly tls: readonly Uint8Array[];
  readonly deliver: readonly string[];
  readonly dnssec: 'secure' | 'insecure' | 'bogus';
}

type Port = 26 | 25 | 587;

/** A host that may be tried; `only` when there was no connection to the one before it. */
export interface Candidate {
  readonly host: string;
  readonly port: Port;
  readonly only?: true;
}

export interface ClientRules extends WireRules, SessionRules {
  readonly usesFailedProofs: boolean;
  readonly hosts: (found: {
    readonly domain: string;
    readonly dx: readonly string[];
    readonly mx: () => Promise<readonly { readonly host: string; readonly preference: number }[]>;
  }) => AsyncIterable<Candidate>;
  readonly addresses: (found: readonly string[]) => readonly string[];
  readonly connectMs: number;
  readonly serverName: (host: string, domain: string, port: Port) => string | null;
  /** How a connection to port 26 begins. */
  readonly plainOn26: boolean;
  readonly greets: (code: number, text: string) => boolean;
  readonly startTls: (host: string) => readonly string[];
  /** What is said when STARTTLS is refused. */
  readonly withoutTls: 'leave' | 'stay' | 'again';
  /** Inside TLS, before the first command. */
  readonly first: readonly string[];
  readonly mode: (code: number, text: string) => boolean;
  /** Names that a certificate may be for. */
  readonly certifiedNames: (host: string, domain: string, greeting: string) => readonly string[];
  readonly pairs: (values: readonly Uint8Array[], keys: readonly Uint8Array[]) => readonly Pair[];
  /** Whether keys of signets count too. */
  readonly secondaryKeys: boolean;
  readonly judge: (view: CertificateView) => Promise<boolean>;
  readonly judgesWhen: 'first' | 'after-the-work';
}

/** Section 7.5. */
export const ocspPasses = (view: OcspView): boolean =>
  view === null || (view.status === 'good' && view.nonce && view.signed && view.off <= 300);

/** Section 7.3. */
export const rightJudgement: ClientRules['judge'] = async (view) => {
  if (view.bound && !view.matched) return false;
  if (view.matched && view.dnssec === 'secure') return true;
  if (!view.bound && view.selfSigned) return false;
  if (!view.named || !view.chain) return false;
  return view.matched || ocspPasses(await view.ocsp());
};

/** Section 6.1. */
export const rightHosts: ClientRules['hosts'] = async function* ({ domain, dx, mx }) {
  if (dx.length > 0) {
    for (const host of dx) yield { host, port: 26 };
    return;
  }
  const sorted = [...(await mx())].sort((a, b) => a.preference - b.preference);
  for (const { host } of sorted.slice(0, 3)) {
    yield { host, port: 26 };
    yield { host, port: 25 };
    yield { host, port: 587, only: true };
  }
  yield { host: domain, port: 26 };
};

export const everyPair: ClientRules['pairs'] = (values, keys) =>
  values.flatMap((value) => keys.map((key) => ({ value, key })));

const octets = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text), 'base64url'));
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** The operations of the client, by these rules; what it remembers, it remembers from call to call. */
export function smallClient(rules: ClientRules, inner: Operations): Operations {
  const session = new SmallSession(rules, inner);

  async function operation(name: string, input: Members): Promise<Members> {
    const asked = inner[name];
    return asked === undefined ? refuse(`${name} is not there`) : await asked({ ...input });
  }

  async function ask({ dns }: Surroundings, name: string, type: DnsQuestionType): Promise<readonly string[]> {
    const { records } = await resolveDns(dns, { name, type }, 2_000);
    return records.flatMap((record) => (record.type === type && record.data !== undefined ? [record.data] : []));
  }

  async function recordOf(domain: string, { dns }: Surroundings): Promise<DomainRecord> {
    const found = await operation('dns.resolve-record', { domain, dns });
    const dnssec = found.dnssec as DomainRecord['dnssec'];
    if (dnssec === 'bogus' && !rules.usesFailedProofs) return refuse('the proof of the record failed');
    return {
      primary: texts(found.primary).map(octets),
      tls: texts(found.tls).map(octets),
      deliver: texts(found.deliver),
      dnssec,
    };
  }

  async function mailHosts(domain: string, surroundings: Surroundings) {
    return (await ask(surroundings, domain, 'MX')).map((text) => {
      const [preference, host = ''] = text.split(' ');
      return { host, preference: Number(preference) };
    });
  }

  /** A connection that speaks DMTP inside TLS, whose certificate is still to be judged. */
  async function open({ host, port }: Candidate, domain: string, surroundings: Surroundings) {
    const addresses = [...(await ask(surroundings, host, 'A')), ...(await ask(surroundings, host, 'AAAA'))];
    let connected = false;
    for (const address of rules.addresses(addresses)) {
      const number = surroundings.ports?.[String(port)] ?? port;
      const wire = await SmallWire.connect(address, number, rules.connectMs, rules);
      if (wire === null) continue;
      connected = true;
      try {
        const opened = await speak(wire, { host, port }, domain, surroundings.trust);
        if (opened !== null) return { ...opened, wire, host, port };
      } catch {
        // The next address is tried.
      }
      wire.close();
    }
    return connected;
  }

  async function speak(wire: SmallWire, { host, port }: Candidate, domain: string, trust: string | undefined) {
    const dual = port !== 26 || rules.plainOn26;
    const tls = dual ? null : await wire.secure(rules.serverName(host, domain, port), trust);
    if (!dual && tls === null) return null;
    const { code, texts: greeting } = await wire.reply('greeting');
    if (!greeting.some((text) => rules.greets(code, text))) return null;
    if (tls !== null) return { tls, greeting: greeting.join(' ') };
    let accepted = false;
    for (const line of rules.startTls(host)) accepted = Math.floor((await wire.ask(line)).code / 100) === 2;
    if (!accepted && rules.withoutTls === 'again') {
      for (const line of rules.startTls(host)) accepted = Math.floor((await wire.ask(line)).code / 100) === 2;
    }
    if (!accepted && rules.withoutTls === 'stay') return { tls: null, greeting: greeting.join(' ') };
    if (!accepted) return null;
    const secured = await wire.secure(null, trust);
    if (secured === null) return null;
    const mode = await wire.reply('mode');
    if (!mode.texts.some((text) => rules.mode(mode.code, text))) return null;
    return { tls: secured, greeting: greeting.join(' ') };
  }

  async function work(
    domain: string,
    surroundings: Surroundings,
    run: (wire: SmallWire, keys: readonly Uint8Array[]) => Promise<Members>,
  ): Promise<Record<string, unknown>> {
    const record = await recordOf(domain, surroundings);
    const mx = () => mailHosts(domain, surroundings);
    let connected = true;
    for await (const candidate of rules.hosts({ domain, dx: record.deliver, mx })) {
      if (candidate.only === true && connected) continue;
      const opened = await open(candidate, domain, surroundings);
      connected = opened !== false;
      if (typeof opened === 'boolean') continue;
      const { wire, tls, greeting, host } = opened;
      try {
        const names = rules.certifiedNames(host, domain, greeting);
        const judged = async () => tls === null || (await rules.judge(lookAt(tls, names, record, domain)));
        if (rules.judgesWhen === 'first' && !(await judged())) return refuse('the certificate is not good');
        for (const line of rules.first) await wire.ask(line);
        const result = await run(wire, record.primary);
        if (rules.judgesWhen !== 'first' && !(await judged())) return refuse('the certificate is not good');
        await session.quit(wire);
        return { ...result };
      } catch (error) {
        wire.close();
        throw error;
      }
    }
    return refuse('there is no host');
  }

  function lookAt(tls: TLSSocket, names: readonly string[], record: DomainRecord, domain: string): CertificateView {
    const keys = [...record.primary, ...(rules.secondaryKeys ? session.secondaryKeys(domain) : [])];
    const facts = { dnssec: record.dnssec === 'secure' ? ('secure' as const) : ('insecure' as const) };
    return viewOf(tls, names, { ...facts, bound: record.tls.length > 0 }, (der) =>
      matches(der, rules.pairs(record.tls, keys)),
    );
  }

  const domainOf = (name: string): string => name.slice(name.indexOf('@') + 1).toLowerCase();
  const wrapped =
    (run: (input: Members, surroundings: Surroundings) => Promise<Record<string, unknown>>): Operation =>
    async (input) => {
      try {
        return await run(input, input as unknown as Surroundings);
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error));
      }
    };
  const named = (run: (wire: SmallWire, keys: readonly Uint8Array[], input: Members) => Promise<Members>): Operation =>
    wrapped((input, surroundings) =>
      work(domainOf(String(input.name)), surroundings, (wire, keys) => run(wire, keys, input)),
    );
  return {
    ...inner,
    'dmtp.lookup': named(async (wire, keys, { name, fingerprint }) => ({
      signet: await session.lookup(wire, keys, String(name), fingerprint === undefined ? null : String(fingerprint)),
      state: 'full',
    })),
    'dmtp.verify': named(async (wire, _, { name, fingerprint }) =>
      session.verify(wire, String(name), String(fingerprint)),
    ),
    'dmtp.history': named(async (wire, _, { name, start, fingerprint, stop }) =>
      session.history(wire, String(name), String(start ?? fingerprint), stop === undefined ? null : String(stop)),
    ),
    'dmtp.deliver': wrapped((input, surroundings) =>
      work(String(input.destination), surroundings, (wire, keys) =>
        session.deliver(wire, keys, input as unknown as Letter),
      ),
    ),
  };
}
