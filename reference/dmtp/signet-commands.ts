/** SGNT, HIST and VRFY: section 12.4 of the DMTP digest. All kinds of fingerprint find a signet (OQ-112). */
import type { Command } from '../../grammar/dmtp.js';
import type { SignetFingerprints, StoredSignet } from '../account/store.js';
import { accept, type Handler, isAddress, isDomain, isFingerprint, refuse } from './conversation.js';

const kinds = ['cryptographic', 'full', 'identifiable'] as const satisfies (keyof SignetFingerprints)[];

export const sgnt: Handler = ({ store }, command) => {
  const { arguments: args } = command;
  const name = signetName(command);
  if (name === null || args.fingerprint === '') return refuse('invalidSgnt');
  const chain = store.signets(name) ?? [];
  const found = args.fingerprint === undefined ? chain.at(-1) : chain[indexOf(chain, args.fingerprint)];
  if (found === undefined) return refuse('signetNotFound');
  return accept(isOfDomain(name) ? 'signetOfDomain' : 'signetOfAddress', { signet: base64(found) });
};

export const hist: Handler = ({ store }, command) => {
  const { arguments: args } = command;
  const name = signetName(command);
  if (name === null || args.start === '' || args.stop === '') return refuse('invalidHist');
  const chain = store.signets(name) ?? [];
  const newest = chain.length - 1;
  const start = args.start === undefined ? 0 : indexOf(chain, args.start);
  const stop = args.stop === undefined ? newest : indexOf(chain, args.stop);
  if (start === -1 || stop < start) return refuse('signetNotFound');
  const lines = chain.slice(start, stop + 1).map((signet) => `[${base64(signet)}]`);
  return accept(start === newest ? 'historyOfNewest' : 'history', undefined, lines);
};

export const vrfy: Handler = ({ store }, command) => {
  const { arguments: args } = command;
  const name = signetName(command);
  if (name === null || !isFingerprint(args.fingerprint)) return refuse('invalidVrfy');
  const { fingerprint } = args;
  const chain = store.signets(name) ?? [];
  const newest = chain.at(-1);
  const asked = chain[indexOf(chain, fingerprint)];
  if (newest === undefined || asked === undefined) return refuse('signetNotFound');
  if (asked === newest) return accept(isOfDomain(name) ? 'currentOfDomain' : 'currentOfAddress');
  const kind = kinds.find((each) => asked.fingerprints[each] === fingerprint) ?? 'full';
  return accept(isOfDomain(name) ? 'updateOfDomain' : 'updateOfAddress', { fingerprint: newest.fingerprints[kind] });
};

/** Whether `fingerprint`, of any kind, is that of a signet of the chain: where, or -1. Newer ones are looked at first. */
export function indexOf(chain: readonly StoredSignet[], fingerprint: string): number {
  return chain.findLastIndex((signet) => kinds.some((kind) => signet.fingerprints[kind] === fingerprint));
}

/** The name asked for, in lower case; null when it is neither address nor domain. */
function signetName(command: Command): string | null {
  const { user, domain } = command.arguments;
  if (user !== undefined) return isAddress(command, user) ? user.toLowerCase() : null;
  return domain !== undefined && isDomain(command, domain) ? domain.toLowerCase() : null;
}

const isOfDomain = (name: string): boolean => !name.includes('@');

function base64({ octets }: StoredSignet): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}
