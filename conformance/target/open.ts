/** Opens the target that a target file describes: servers by network, a library by its adapter, or both. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import fc from 'fast-check';
import { type AdapterClient, AdapterFault, startAdapterProcess } from './adapter/client.js';
import { addressText } from './address-text.js';
import { claimsOf } from './claims.js';
import { checkDmapTrust, dmapEndpoint } from './dmap-target.js';
import { readChains, readMail } from './mail-files.js';
import type { MailProfile, TargetProfile } from './profile.js';
import { mails } from './sample-mail.js';
import { stacieEndpoint } from './stacie-endpoint.js';
import { checkStacieTrust } from './stacie-trust.js';
import { type Target, TargetError } from './target.js';
import { serversOf, type TargetFile } from './target-file.js';
import { checkTrust } from './trust.js';

const defaultLimits = { replyMs: 5000, connectMs: 5000 };
const helloMs = 10_000;

/**
 * @throws TargetError when the file cannot be followed (exit status 2), Unreachable when the target does not answer or is
 * not the one that was meant (exit status 3)
 */
export async function openTarget(
  file: TargetFile,
  knownClasses: readonly string[],
  knownReadings: readonly string[] = [],
): Promise<Target> {
  for (const claim of file.claims ?? []) {
    if (!knownClasses.includes(claim)) {
      throw new TargetError(`claims: no conformance class "${claim}"; there are ${knownClasses.join(', ')}`);
    }
  }
  // A misspelt one would be judged silently as if it were not there.
  for (const reading of file.readings ?? []) {
    if (!knownReadings.includes(reading)) {
      const example = knownReadings[0] === undefined ? '' : `, such as ${knownReadings[0]}`;
      throw new TargetError(`readings: no reading "${reading}"; they are those that a report names${example}`);
    }
  }
  const profile = profileOf(file);
  if (profile.dmtp !== null && profile.domain !== null && file.trust !== undefined) {
    await checkTrust({
      endpoint: profile.dmtp,
      trust: file.trust,
      domain: profile.domain,
      dns: profile.dns,
      connectMs: profile.limits.connectMs,
    });
  }
  const stacie = profile.stacie ?? [];
  for (const endpoint of stacie) await checkStacieTrust(endpoint, profile.limits.connectMs);
  if (file.dmap !== undefined) await checkDmapTrust(file.dmap, profile.limits.connectMs);
  const adapter = file.adapter === undefined ? null : await startAdapter(file.adapter);
  return {
    profile,
    adapter,
    adapterCommand: file.adapter?.command ?? null,
    endpoints: [
      ...(profile.dmtp === null ? [] : [{ role: 'dmtp', address: addressText(profile.dmtp) }]),
      ...(profile.plain === undefined ? [] : [{ role: 'dmtp, plain', address: addressText(profile.plain) }]),
      ...(profile.dns === null ? [] : [{ role: 'dns', address: addressText(profile.dns) }]),
      ...(profile.dmap === undefined ? [] : [{ role: 'dmap', address: addressText(profile.dmap) }]),
      ...stacie.map(({ revision, ...at }) => ({ role: `stacie ${revision}`, address: addressText(at) })),
      ...(file.adapter === undefined ? [] : [{ role: 'adapter', address: file.adapter.command[0] ?? '' }]),
    ],
    close: async () => adapter?.close(),
  };
}

function profileOf(file: TargetFile): TargetProfile {
  const domain = file.domain ?? null;
  const network =
    file.dmtp !== undefined || file.dns !== undefined || file.stacie !== undefined || file.dmap !== undefined;
  const stacie = file.stacie === undefined ? [] : serversOf(file.stacie).map(stacieEndpoint);
  const mail = file.mail === undefined || domain === null ? undefined : readMail(file.mail, domain);
  const dmtp = file.dmtp && { ...file.dmtp, name: file.dmtp.name ?? nameOf(file.dmtp.host, domain) };
  return {
    name: file.name ?? domain ?? file.adapter?.command[0] ?? 'target',
    kind: file.adapter === undefined ? 'network' : network ? 'network+adapter' : 'adapter',
    domain,
    foreignDomain: file.foreignDomain ?? 'foreign.invalid',
    dmtp: dmtp ?? null,
    ...(file.plain === undefined
      ? {}
      : { plain: { ...file.plain, name: file.plain.name ?? dmtp?.name ?? nameOf(file.plain.host, domain) } }),
    dns: file.dns ?? null,
    ...(file.dmap === undefined ? {} : { dmap: dmapEndpoint(file.dmap) }),
    stacie,
    hasAdapter: file.adapter !== undefined,
    claims:
      file.claims ??
      claimsOf([
        ...(file.dmtp === undefined ? [] : (['dmtp'] as const)),
        ...(file.signets === undefined ? [] : (['signets'] as const)),
        ...(file.plain === undefined ? [] : (['plain'] as const)),
        ...(file.dns === undefined ? [] : (['dns'] as const)),
        ...(file.dmap === undefined ? [] : (['dmap'] as const)),
        ...(stacie.length === 0 ? [] : (['stacie'] as const)),
        ...(file.adapter === undefined ? [] : (['adapter'] as const)),
      ]),
    readings: file.readings ?? [],
    limits: {
      replyMs: file.limits?.replyMs ?? defaultLimits.replyMs,
      connectMs: file.limits?.connectMs ?? defaultLimits.connectMs,
      idleMs: file.limits?.idleMs ?? null,
      messageOctets: file.limits?.messageOctets ?? null,
    },
    disabled: file.disabled ?? [],
    messages: messagesOf(file, mail),
    ...(mail === undefined ? {} : { mail }),
    ...(file.signets === undefined ? {} : { signets: readChains(file.signets) }),
  };
}

/** Server name indication knows names only: for an address, the usual name of a DX stands in. */
function nameOf(host: string, domain: string | null): string {
  return net.isIP(host) !== 0 && domain !== null ? `dx.${domain}` : host;
}

function messagesOf({ messages }: TargetFile, mail: MailProfile | undefined): TargetProfile['messages'] {
  if (messages !== undefined) return fc.constantFrom(...messages.map(readMessage));
  return mail === undefined ? null : mails(mail);
}

function readMessage(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new TargetError(`messages: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function startAdapter(adapter: NonNullable<TargetFile['adapter']>): Promise<AdapterClient> {
  try {
    return await startAdapterProcess({
      command: [...adapter.command],
      helloTimeoutMs: helloMs,
      ...(adapter.cwd === undefined ? {} : { cwd: adapter.cwd }),
      ...(adapter.env === undefined ? {} : { env: { ...adapter.env } }),
    });
  } catch (error) {
    if (error instanceof AdapterFault) throw new TargetError(`adapter ${adapter.command[0]}: ${error.message}`);
    throw error;
  }
}
