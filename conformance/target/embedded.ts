/** The embedded target: the reference server and the reference adapter, started in this process on free loopback ports. */
import fc from 'fast-check';
import { type Endpoint, type Reference, type ReferenceHooks, startReference } from '../../reference/server.js';
import { type AdapterClient, connectOperations, startAdapterProcess } from './adapter/client.js';
import { referenceIdentity, referenceOperations } from './adapter/operations.js';
import type { Operations } from './adapter/serve.js';
import { claimsOf } from './claims.js';
import type { StacieEndpoint, TargetLimits } from './profile.js';
import { addressOf } from './stacie-endpoint.js';
import type { Target } from './target.js';

export type { StacieAccount, StacieStore } from '../../reference/account/store.js';
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

export async function openEmbedded(options: EmbeddedOptions): Promise<Target> {
  const idleMs = options.limits?.idleMs ?? usualIdleMs;
  const starting = embeddedAdapter(options);
  // Waited for below; a failure of the server before that must not leave this one unheard.
  starting.catch(() => undefined);
  const reference = await startReference({
    domain,
    messageOctets,
    disabled: [disabled],
    stacieLimits: { failures: stacieFailures },
    limits: { idleMs, dataIdleMs: idleMs },
    ...(options.numberedCodes === undefined ? {} : { numberedCodes: options.numberedCodes }),
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(options.dir === undefined ? {} : { dir: options.dir }),
  });
  const front = await options.front?.(reference.dmtp);
  const dmtp = front ?? reference.dmtp;
  const adapter = await starting;
  return {
    profile: {
      name: 'embedded reference',
      kind: 'embedded',
      domain,
      foreignDomain: 'foreign.invalid',
      dmtp: { host: dmtp.host, port: dmtp.port, name: reference.dxName },
      dns: reference.dns,
      stacie: stacieEndpoints(reference),
      hasAdapter: true,
      claims: claimsOf(['dmtp', 'dns', 'stacie', 'adapter']),
      readings: options.numberedCodes === true ? ['numbered-codes'] : [],
      // A reply has to come before silence would be ended, or the 421 that ends it would pass for the reply.
      limits: { replyMs: 2000, connectMs: 4000, ...options.limits, idleMs, messageOctets },
      disabled: [disabled],
      messages: messageShells,
    },
    adapter,
    adapterCommand: ['dime-conformance', 'adapter'],
    endpoints: endpointsOf(dmtp, reference),
    close: async () => {
      await adapter.close();
      await front?.close();
      await reference.close();
    },
  };
}

/** Magic 1847, the length of what follows in four octets, that many octets: section 1 of the message digest. */
const messageShells: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 6, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 600 }) },
    { weight: 1, arbitrary: fc.integer({ min: 5000, max: 70_000 }).map((length) => new Uint8Array(length).fill(0x0a)) },
  )
  .map((content) => {
    const message = Buffer.alloc(6 + content.length);
    message.writeUInt16BE(1847, 0);
    message.writeUInt32BE(content.length, 2);
    message.set(content, 6);
    return message;
  });

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

function endpointsOf(dmtp: Endpoint, { dns, stacie }: Reference): Target['endpoints'] {
  return [
    { role: 'dmtp', address: `${dmtp.host}:${dmtp.port}` },
    { role: 'dns', address: `${dns.host}:${dns.port}` },
    { role: 'stacie', address: `${stacie.host}:${stacie.port}` },
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
