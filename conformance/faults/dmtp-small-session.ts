/** What the small DMTP client says once a host is believed: signets, and messages. */
import { createHash } from 'node:crypto';
import type { Operations } from '../target/adapter/serve.js';
import { type Reply, refuse, type SmallWire } from './dmtp-small-wire.js';

type Members = Readonly<Record<string, unknown>>;

/** The input of dmtp.deliver, as far as it counts here. */
export interface Letter {
  readonly message: string;
  readonly origin: string;
  readonly destination: string;
  readonly fingerprints: { readonly origin: string; readonly destination?: string };
  readonly return?: string;
}

export interface Envelope {
  readonly origin: string;
  readonly destination: string;
  /** Standard base64. */
  readonly originFingerprint: string;
  readonly destinationFingerprint: string;
  readonly size: number;
  readonly return: string;
  readonly hash: string;
}

export interface SessionRules {
  readonly succeeds: (code: number, verb: string) => boolean;
  readonly organizationFirst: boolean;
  /** What becomes of a signet of the organization that does not hold. */
  readonly takesWrongOrganizations: boolean;
  /** Asks for both before it looks at either. */
  readonly asksTogether: boolean;
  readonly validatesUsers: boolean;
  /** Whether a new key of a known user has to be vouched for. */
  readonly checksCustody: boolean;
  readonly comparesFingerprints: (kind: 'user' | 'organization') => boolean;
  readonly comparesNames: boolean;
  readonly states: readonly string[];
  readonly updated: RegExp;
  /** MAIL, RCPT, DATA. */
  readonly envelope: (envelope: Envelope) => readonly string[];
  /** The kind of fingerprint of the destination's signet. */
  readonly kind: string;
  readonly message: (message: Uint8Array) => Uint8Array;
  readonly size: (message: Uint8Array) => number;
  readonly goodbye: (wire: SmallWire) => Promise<void>;
  readonly stopsAtRefusals: boolean;
}

const onWire = (fingerprint: string): string => fingerprint.replaceAll('-', '+').replaceAll('_', '/');
const inProtocol = (fingerprint: string): string => fingerprint.replaceAll('+', '-').replaceAll('/', '_');
const bracketed = /\[([A-Za-z0-9+/=]+)\]/;
const profile = 'dime-2015';

export class SmallSession {
  /** Signets by name, base64url. */
  readonly #known = new Map<string, string>();

  constructor(
    private readonly rules: SessionRules,
    private readonly inner: Operations,
  ) {}

  /** Keys of the organization's signet, where it is known. */
  secondaryKeys(domain: string): readonly Uint8Array[] {
    const known = this.#known.get(domain);
    if (known === undefined) return [];
    const octets = new Uint8Array(Buffer.from(known, 'base64url'));
    // Field 2 behind field 1: id, length, permissions, 40, key.
    return octets[40] === 2 ? [octets.subarray(44, 76)] : [];
  }

  async lookup(
    wire: SmallWire,
    keys: readonly Uint8Array[],
    name: string,
    fingerprint: string | null,
  ): Promise<string> {
    const domain = name.slice(name.indexOf('@') + 1);
    if (name === domain) return await this.#organization(wire, keys, domain, fingerprint);
    if (!this.rules.organizationFirst) await this.#ask(wire, name, fingerprint);
    const early = this.rules.asksTogether ? await this.#askBoth(wire, domain, name, fingerprint) : null;
    const organization =
      early === null
        ? await this.#organization(wire, keys, domain, null)
        : await this.#holds(early.organization, keys, domain, null);
    const before = this.#known.get(name);
    if (before !== undefined && fingerprint === null) {
      await this.verify(wire, name, await this.fingerprint(before, 'full')).catch(() => undefined);
    }
    const signet = early?.user ?? (await this.#ask(wire, name, fingerprint));
    const previous =
      before === undefined || before === signet || fingerprint !== null || !this.rules.checksCustody
        ? {}
        : { previous: before };
    const { state } = await this.#call('signet.validate', { data: signet, organization, ...previous });
    // What a new key follows cannot be known the first time.
    const unproven = state === 'broken-chain' && (before === undefined || !this.rules.checksCustody);
    if (this.rules.validatesUsers && !unproven && !this.rules.states.includes(String(state))) {
      return refuse(`the signet of ${name} is ${String(state)}`);
    }
    await this.#compare(signet, name, 'user', fingerprint);
    this.#known.set(name, signet);
    return signet;
  }

  async #askBoth(wire: SmallWire, domain: string, name: string, fingerprint: string | null) {
    const organization = await this.#ask(wire, domain, null);
    return { organization, user: await this.#ask(wire, name, fingerprint) };
  }

  async #organization(
    wire: SmallWire,
    keys: readonly Uint8Array[],
    domain: string,
    fingerprint: string | null,
  ): Promise<string> {
    return await this.#holds(await this.#ask(wire, domain, fingerprint), keys, domain, fingerprint);
  }

  async #holds(
    signet: string,
    keys: readonly Uint8Array[],
    domain: string,
    fingerprint: string | null,
  ): Promise<string> {
    const primaryKeys = keys.map((key) => Buffer.from(key).toString('base64url'));
    const { state } = await this.#call('signet.validate', { data: signet, primaryKeys });
    if (!this.rules.takesWrongOrganizations && !this.rules.states.includes(String(state))) {
      return refuse(`the signet of ${domain} is ${String(state)}`);
    }
    await this.#compare(signet, domain, 'organization', fingerprint);
    this.#known.set(domain, signet);
    return signet;
  }

  async #compare(
    signet: string,
    name: string,
    kind: 'user' | 'organization',
    fingerprint: string | null,
  ): Promise<void> {
    const { type, fields } = await this.#call('signet.parse', { data: signet });
    if (type !== kind) refuse(`the signet of ${name} is one of a ${String(type)}`);
    const identifier = (fields as readonly { readonly id: number; readonly data: string }[]).find(
      ({ id }) => id === 254,
    );
    const own = Buffer.from(identifier?.data ?? '', 'base64url').toString('utf8');
    if (this.rules.comparesNames && identifier !== undefined && own.toLowerCase() !== name.toLowerCase()) {
      refuse(`the signet of ${name} is that of ${own}`);
    }
    if (fingerprint === null || !this.rules.comparesFingerprints(kind)) return;
    const kinds = ['cryptographic', 'full', ...(identifier === undefined ? [] : ['identifiable'])];
    const all = await Promise.all(kinds.map(async (each) => await this.fingerprint(signet, each)));
    if (!all.includes(fingerprint)) refuse(`the signet of ${name} has another fingerprint`);
  }

  async fingerprint(signet: string, kind: string): Promise<string> {
    return String((await this.#call('signet.fingerprint', { data: signet, kind })).fingerprint);
  }

  async #call(name: string, input: Members): Promise<Members> {
    const operation = this.inner[name];
    return operation === undefined ? refuse(`${name} is not there`) : await operation({ profile, ...input });
  }

  async #ask(wire: SmallWire, name: string, fingerprint: string | null): Promise<string> {
    const line = `SGNT <${name}>${fingerprint === null ? '' : ` [${onWire(fingerprint)}]`}`;
    const text = this.#success(await wire.ask(line), 'SGNT').texts.at(-1) ?? '';
    const [, signet] = bracketed.exec(text) ?? [];
    return signet === undefined || !text.startsWith('OK')
      ? refuse('SGNT gives no signet')
      : Buffer.from(signet, 'base64').toString('base64url');
  }

  #success(reply: Reply, verb: string): Reply {
    return this.rules.succeeds(reply.code, verb) ? reply : refuse(`${verb} is answered with ${reply.code}`);
  }

  async verify(wire: SmallWire, name: string, fingerprint: string): Promise<Members> {
    const reply = this.#success(await wire.ask(`VRFY <${name}> [${onWire(fingerprint)}]`), 'VRFY');
    const text = reply.texts.at(-1) ?? '';
    if (/^CURRENT\b/i.test(text)) return { current: true };
    const [, latest] = this.rules.updated.exec(text) ?? [];
    return latest === undefined ? refuse('VRFY says nothing') : { current: false, latest: inProtocol(latest) };
  }

  async history(wire: SmallWire, name: string, start: string, stop: string | null): Promise<Members> {
    const end = stop === null ? '' : ` [${onWire(stop)}]`;
    const reply = this.#success(await wire.ask(`HIST <${name}> [${onWire(start)}]${end}`), 'HIST');
    const signets = reply.texts.flatMap((text) => bracketed.exec(text)?.[1] ?? []);
    return { signets: signets.map((text) => Buffer.from(text, 'base64').toString('base64url')) };
  }

  async deliver(wire: SmallWire, keys: readonly Uint8Array[], letter: Letter): Promise<Members> {
    const { fingerprints, origin, destination } = letter;
    const message = new Uint8Array(Buffer.from(letter.message, 'base64url'));
    const given = this.rules.kind === 'full' ? fingerprints.destination : undefined;
    const known =
      given ?? (await this.fingerprint(await this.#organization(wire, keys, destination, null), this.rules.kind));
    const lines = this.rules.envelope({
      origin,
      destination,
      originFingerprint: onWire(fingerprints.origin),
      destinationFingerprint: onWire(known),
      size: this.rules.size(message),
      return: letter.return === undefined ? '' : ` RETURN=${letter.return}`,
      hash: createHash('sha512').update(message).digest('base64').replace(/=+$/, ''),
    });
    for (const line of [`EHLO <${origin}>`, ...lines]) {
      const verb = /^[A-Z]+/.exec(line)?.[0] ?? '';
      const reply = await wire.ask(line);
      const right = verb === 'DATA' ? reply.code >= 300 && reply.code <= 399 : this.rules.succeeds(reply.code, verb);
      if (!right && (verb === 'DATA' || this.rules.stopsAtRefusals)) return { accepted: false, reply: told(reply) };
    }
    wire.sendOctets(this.rules.message(message));
    const reply = await wire.reply('message');
    const accepted = this.rules.succeeds(reply.code, 'message');
    return { accepted, reply: told(reply) };
  }

  async quit(wire: SmallWire): Promise<void> {
    await this.rules.goodbye(wire);
  }
}

const told = ({ code, texts }: Reply): string => texts.map((text) => `${code} ${text}`).join('\n');
