/** The embedded target: the reference server and the reference adapter, started in this process on free loopback ports. */
import { readFileSync } from 'node:fs';
import { sampleDeliveryOptions } from '../../reference/dmap/sample-delivery-options.js';
import { decodeArmor } from '../../reference/formats/armor.js';
import {
  type Endpoint,
  type Reference,
  type ReferenceHooks,
  type ReferenceOptions,
  startReference,
} from '../../reference/server.js';
import { type AdapterClient, connectOperations, startAdapterProcess } from './adapter/client.js';
import { referenceIdentity, referenceOperations } from './adapter/operations.js';
import type { Operations } from './adapter/serve.js';
import { addressText } from './address-text.js';
import { claimsOf } from './claims.js';
import { submissionOf } from './embedded-submission.js';
import type { DmapEndpoint, MailParty, MailProfile, SignetChain, StacieEndpoint, TargetLimits } from './profile.js';
import { fullFingerprint, mails } from './sample-mail.js';
import { type SmtpStub, startSmtpStub } from './smtp-stub.js';
import { addressOf } from './stacie-endpoint.js';
import type { Target } from './target.js';

export type { StacieAccount, StacieStore } from '../../reference/account/store.js';
export type { ArrivedMail, Judge, Judgement } from '../../reference/dmtp/judgement.js';
export type { DmtpSession, SessionEffect } from '../../reference/dmtp/session.js';
export type { Endpoint, Reference, ReferenceHooks } from '../../reference/server.js';
export type { StacieReply, StacieSession } from '../../reference/stacie/session.js';

/** Something that takes connections in the place of the DMTP port. */
export interface Front extends Endpoint {
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Where a seeded fault bends the server. */
  readonly hooks?: ReferenceHooks;
  /** Where a seeded fault bends the codecs. */
  readonly operations?: (inner: Operations) => Operations;
  /** Where a seeded fault bends the connections themselves: stands before the DMTP port that it is given. */
  readonly front?: (server: Endpoint) => Promise<Front>;
  /** The same before the plain port. */
  readonly plainFront?: (server: Endpoint) => Promise<Front>;
  /** The same before the DMAP port. */
  readonly dmapFront?: (server: Endpoint) => Promise<Front>;
  /** A folder that keeps the keys for later starts; a folder of its own, removed at the close, when not given. */
  readonly dir?: string;
  /** Other time limits than the usual ones, in milliseconds. */
  readonly limits?: Partial<Pick<TargetLimits, 'replyMs' | 'connectMs'>> & { readonly idleMs?: number };
  /**
   * How to start the reference adapter as a program of its own, on another processor; in this process when not given, and
   * where operations are bent.
   */
  readonly adapterCommand?: readonly string[];
  readonly version: string;
  /** Whether an SMTP service stands behind the plain port; true when not given. */
  readonly smtp?: boolean;
  /** The address listened at; 127.0.0.1 when not given. */
  readonly host?: string;
  /** For the reading of that name (section 12.5 of the DMTP digest). */
  readonly numberedCodes?: boolean;
}

const domain = 'reference.example';
/** Small, so that the limit itself can be tried. */
const messageOctets = 256 * 1024;
/** Short, so that silence can be waited for; long enough for a loaded machine to answer in between. */
const usualIdleMs = 2500;
/** The command that is switched off, so that DMTP-023 can be tried. */
const disabled = 'VERB' as const;
/** A program that loads its modules beside a busy suite. */
const adapterStartMs = 30_000;
/** Few, so that the limit itself can be reached (STACIE-192); more than any case needs for other ends. */
const stacieFailures = 16;

/** Quick, so that many can be tried. */
const dmapFailures = { authenticationDelayMs: 20 };

export async function openEmbedded(options: EmbeddedOptions): Promise<Target> {
  const idleMs = options.limits?.idleMs ?? usualIdleMs;
  const starting = embeddedAdapter(options);
  // Waited for below; a failure of the server before that must not leave this one unheard.
  starting.catch(() => undefined);
  const host = options.host ?? '127.0.0.1';
  const smtp = options.smtp === false ? null : await startSmtpStub(host);
  const reference = await startBehind(smtp, {
    domain,
    host,
    plainPort: true,
    ...(smtp === null ? {} : { smtpService: { host: smtp.host, port: smtp.port } }),
    messageOctets,
    disabled: [disabled],
    stacieLimits: { failures: stacieFailures },
    limits: { idleMs, dataIdleMs: idleMs },
    dmapLimits: { loginIdleMs: idleMs },
    dmapSessionLimits: dmapFailures,
    deliveryOptions: sampleDeliveryOptions,
    ...(options.numberedCodes === undefined ? {} : { numberedCodes: options.numberedCodes }),
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(options.dir === undefined ? {} : { dir: options.dir }),
  });
  const front = await options.front?.(reference.dmtp);
  const dmtp = front ?? reference.dmtp;
  const dmapFront = await options.dmapFront?.(reference.dmap);
  const plainFront = reference.plain === null ? undefined : await options.plainFront?.(reference.plain);
  const plain = plainFront ?? reference.plain;
  const adapter = await starting;
  const mail = mailOf(reference);
  return {
    profile: {
      name: 'embedded reference',
      kind: 'embedded',
      domain,
      foreignDomain: 'foreign.invalid',
      dmtp: { host: dmtp.host, port: dmtp.port, name: reference.dxName },
      ...(plain === null
        ? {}
        : { plain: { host: plain.host, port: plain.port, name: reference.dxName, smtp: smtp !== null } }),
      dns: { ...reference.dns, anchors: [reference.trustAnchor] },
      stacie: stacieEndpoints(reference),
      dmap: { ...dmapEndpoint(reference, idleMs), ...(dmapFront === undefined ? {} : { port: dmapFront.port }) },
      hasAdapter: true,
      claims: claimsOf(['dmtp', 'signets', 'plain', 'dns', 'dmap', 'stacie', 'adapter']),
      readings: options.numberedCodes === true ? ['numbered-codes'] : [],
      // A reply has to come before silence would be ended, or the 421 that ends it would pass for the reply.
      limits: { replyMs: 2000, connectMs: 4000, ...options.limits, idleMs, messageOctets },
      disabled: [disabled],
      messages: mails(mail),
      mail,
      signets: chainsOf(reference),
    },
    adapter,
    adapterCommand: ['dime-conformance', 'adapter'],
    endpoints: endpointsOf(dmtp, plain, reference),
    close: async () => {
      await adapter.close();
      await front?.close();
      await dmapFront?.close();
      await plainFront?.close();
      await reference.close();
      await smtp?.close();
    },
  };
}

/** The service goes too when the server cannot be started. */
async function startBehind(smtp: SmtpStub | null, options: ReferenceOptions): Promise<Reference> {
  try {
    return await startReference(options);
  } catch (error) {
    await smtp?.close();
    throw error;
  }
}

/** The sample origin and its user, and the accounts of the server. */
function mailOf(reference: Reference): MailProfile {
  const { domain, accounts, locked, origin } = reference;
  const own = (name: string): MailParty => ownParty(reference, name);
  const writer = (name: string): MailProfile['origin'] => ({
    ...partyWith(name, origin.published.get(name)?.octets),
    signingSeed: () => origin.keys.get(name)?.at(-1)?.signingPrivate ?? new Uint8Array(),
  });
  return {
    origin: writer(origin.domain),
    author: writer(origin.author),
    destination: own(domain),
    recipients: accounts.map(own),
    locked: [...locked].map(([name, reason]) => ({ ...own(name), reason })),
  };
}

/** The domain or an account of it. */
const ownParty = ({ store }: Reference, name: string): MailParty =>
  partyWith(name, store.signets(name)?.at(-1)?.octets);

function partyWith(name: string, signet: Uint8Array | undefined): MailParty {
  if (signet === undefined) throw new Error(`the reference has no signet of ${name}`);
  return { name, signet, fingerprint: fullFingerprint(signet) };
}

function chainsOf({ domain, accounts, store, signets }: Reference): SignetChain[] {
  return [domain, ...accounts].map((name) => ({
    name,
    signets: (store.signets(name) ?? []).map(({ octets }) => octets),
    identifiable: signets
      .filter((file) => file.name === name)
      .map((file) => decodeArmor(readFileSync(file.signet, 'utf8')).data),
  }));
}

/** Either revision, and the last of the sample accounts. */
function stacieEndpoints({ stacie, certificatePem }: Reference): StacieEndpoint[] {
  const account = stacie.credentials.at(-1);
  if (account === undefined) return [];
  const { username, password } = account;
  return (['03', '00'] as const).map((revision) => ({
    ...addressOf(stacie.urls[revision]),
    revision,
    trust: { authorities: certificatePem },
    account: { username, password: () => password },
    canRegister: true,
  }));
}

/** The mail of every STACIE account. */
function dmapEndpoint(reference: Reference, idleMs: number): DmapEndpoint {
  const { dmap, dxName, stacie } = reference;
  const submission = submissionOf(reference, (name) => ownParty(reference, name));
  return {
    host: dmap.host,
    port: dmap.port,
    name: dxName,
    idleMs,
    accounts: stacie.credentials.map(({ username, password }) => ({
      username,
      password: () => password,
      mode: 'trustful',
    })),
    ...(submission === undefined ? {} : { submission }),
  };
}

function endpointsOf(dmtp: Endpoint, plain: Endpoint | null, { dns, dmap, stacie }: Reference): Target['endpoints'] {
  return [
    { role: 'dmtp', address: addressText(dmtp) },
    ...(plain === null ? [] : [{ role: 'dmtp, plain', address: addressText(plain) }]),
    { role: 'dns', address: addressText(dns) },
    { role: 'dmap', address: addressText(dmap) },
    { role: 'stacie', address: addressText(stacie) },
    { role: 'adapter', address: 'in process' },
  ];
}

async function embeddedAdapter({ operations, adapterCommand, version }: EmbeddedOptions): Promise<AdapterClient> {
  if (operations === undefined && adapterCommand !== undefined) {
    return await startAdapterProcess({ command: [...adapterCommand], helloTimeoutMs: adapterStartMs });
  }
  const bent = operations === undefined ? referenceOperations : operations(referenceOperations);
  return await connectOperations(bent, { ...referenceIdentity, version });
}
