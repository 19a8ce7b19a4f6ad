/** The target file: YAML, checked by target-file.schema.json, with `${NAME}` taken from the environment. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Verb } from '../../grammar/dmtp.js';
import type { DmapAccount, DmapSubmissionOptions, LockReason } from './profile.js';
import { TargetError } from './target.js';

export type Trust = 'record' | 'system' | 'none' | { readonly pem: string };

export interface StacieTarget {
  readonly endpoint: string;
  readonly revision: '00' | '03';
  readonly trust: 'system' | 'none' | { readonly pem: string };
  readonly account: { readonly username: string; readonly password: string };
  readonly canRegister?: boolean;
}

export interface DmapTarget {
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly trust: 'system' | 'none' | { readonly pem: string };
  readonly accounts: readonly {
    readonly username: string;
    readonly password: string;
    readonly mode?: DmapAccount['mode'];
  }[];
  readonly submission?: SubmissionFiles;
  readonly idleMs?: number;
}

/** A name and the file of its signet. */
export interface PartyFile {
  readonly name: string;
  readonly signet: string;
}

/** Who submits to whom; all of one domain, and two of the accounts. */
export interface SubmissionFiles {
  /** `earlierKeys`: files of the private keys that the author had before. */
  readonly author: PartyFile & { readonly keys: string; readonly earlierKeys?: readonly string[] };
  readonly origin: { readonly signet: string };
  readonly recipient: PartyFile;
  readonly options?: Partial<DmapSubmissionOptions>;
}

export interface MailFiles {
  readonly origin: PartyFile & { readonly keys: string };
  readonly author: PartyFile & { readonly keys: string };
  readonly destination: { readonly signet: string };
  readonly recipients: readonly PartyFile[];
  readonly locked?: readonly (PartyFile & { readonly reason: LockReason })[];
}

/** The files of all signets of a name, the oldest first. */
export interface ChainFiles {
  readonly name: string;
  readonly files: readonly string[];
}

export interface TargetFile {
  readonly name?: string;
  readonly domain?: string;
  readonly foreignDomain?: string;
  readonly dmtp?: { readonly host: string; readonly port: number; readonly name?: string };
  readonly plain?: { readonly host: string; readonly port: number; readonly name?: string; readonly smtp: boolean };
  readonly dns?: { readonly host: string; readonly port: number };
  readonly stacie?: StacieTarget | readonly StacieTarget[];
  readonly dmap?: DmapTarget;
  readonly trust?: Trust;
  readonly adapter?: {
    readonly command: readonly string[];
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  };
  readonly claims?: readonly string[];
  readonly readings?: readonly string[];
  readonly limits?: {
    readonly replyMs?: number;
    readonly connectMs?: number;
    readonly idleMs?: number;
    readonly messageOctets?: number;
  };
  readonly disabled?: readonly Verb[];
  readonly messages?: readonly string[];
  readonly mail?: MailFiles;
  readonly signets?: readonly ChainFiles[];
}

/** A file longer than this is not a target file. */
const longestFile = 1024 * 1024;

/**
 * Reads a target file. Paths in it are made absolute, from the folder of the file.
 *
 * @throws TargetError in one line: which file, where in it, what, why
 */
export function readTargetFile(file: string, environment: NodeJS.ProcessEnv): TargetFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new TargetError(`target file ${file}: ${reasonOf(error)}`);
  }
  if (text.length > longestFile) throw new TargetError(`target file ${file}: longer than ${longestFile} octets`);
  return resolvePaths(parseTargetFile(text, file, environment), path.dirname(path.resolve(file)));
}

/** As readTargetFile, of a text. */
export function parseTargetFile(text: string, file: string, environment: NodeJS.ProcessEnv): TargetFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new TargetError(
      `target file ${file}:${line}:${col}: ${problem.message.split('\n', 1)[0]?.replace(/ at line.*$/, '')}`,
    );
  }
  const value: unknown = fill(toValue(document, file), file, '', environment);
  if (!validate(value)) {
    // The alternatives of an anyOf or oneOf report one by one before the keyword itself, which says it best.
    const errors = validate.errors ?? [];
    const error = errors.find(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf') ?? errors[0];
    throw new TargetError(`target file ${file}: ${error === undefined ? 'wrong' : describe(error)}`);
  }
  return value;
}

/** A text of a few lines can stand for millions of values by aliases of aliases: yaml counts them. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw new TargetError(`target file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const validate = new Ajv2020({
  allErrors: false,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile<TargetFile>(
  JSON.parse(readFileSync(new URL('./target-file.schema.json', import.meta.url), 'utf8')) as object,
);

function describe(error: ErrorObject): string {
  const where = error.instancePath === '' ? 'the file' : error.instancePath.slice(1).replaceAll('/', '.');
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${where}: unknown member "${String(params.additionalProperty)}"`;
    case 'required':
      return `${where}: member "${String(params.missingProperty)}" is missing`;
    case 'dependentRequired':
      return `${where}: "${String(params.property)}" needs "${String(params.missingProperty)}" too`;
    case 'enum':
      return `${where}: must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'anyOf':
      return `${where}: needs at least one of dmtp, dns, stacie, dmap, adapter`;
    case 'oneOf':
      return `${where}: must be ${where === 'trust' ? 'record, ' : ''}system, none or { pem: FILE }`;
    default:
      return `${where}: ${error.message ?? 'wrong'}`;
  }
}

function fill(value: unknown, file: string, where: string, environment: NodeJS.ProcessEnv): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const filled = environment[name];
      if (filled === undefined) {
        throw new TargetError(`target file ${file}: ${where}: the environment has no variable ${name}`);
      }
      return filled;
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => fill(item, file, `${where}[${index}]`, environment));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        fill(item, file, where === '' ? key : `${where}.${key}`, environment),
      ]),
    );
  }
  return value;
}

function resolvePaths(target: TargetFile, folder: string): TargetFile {
  return {
    ...target,
    ...(typeof target.trust === 'object' ? { trust: { pem: path.resolve(folder, target.trust.pem) } } : {}),
    ...(target.stacie === undefined ? {} : { stacie: serversOf(target.stacie).map((each) => withPath(each, folder)) }),
    ...(target.dmap === undefined ? {} : { dmap: dmapWithPaths(target.dmap, folder) }),
    ...(target.adapter === undefined
      ? {}
      : { adapter: { ...target.adapter, cwd: path.resolve(folder, target.adapter.cwd ?? '.') } }),
    ...(target.messages === undefined
      ? {}
      : { messages: target.messages.map((message) => path.resolve(folder, message)) }),
    ...(target.mail === undefined ? {} : { mail: mailWithPaths(target.mail, folder) }),
    ...(target.signets === undefined
      ? {}
      : {
          signets: target.signets.map(({ name, files }) => ({
            name,
            files: files.map((file) => path.resolve(folder, file)),
          })),
        }),
  };
}

function dmapWithPaths(dmap: DmapTarget, folder: string): DmapTarget {
  const { submission } = dmap;
  if (submission === undefined) return withPath(dmap, folder);
  const at = (file: string): string => path.resolve(folder, file);
  const { author, origin, recipient } = submission;
  return {
    ...withPath(dmap, folder),
    submission: {
      ...submission,
      author: {
        ...author,
        signet: at(author.signet),
        keys: at(author.keys),
        ...(author.earlierKeys === undefined ? {} : { earlierKeys: author.earlierKeys.map(at) }),
      },
      origin: { signet: at(origin.signet) },
      recipient: { ...recipient, signet: at(recipient.signet) },
    },
  };
}

function mailWithPaths(mail: MailFiles, folder: string): MailFiles {
  const at = <Party extends { readonly signet: string }>(party: Party): Party => ({
    ...party,
    signet: path.resolve(folder, party.signet),
  });
  const withKeys = (party: MailFiles['origin']): MailFiles['origin'] => ({
    ...at(party),
    keys: path.resolve(folder, party.keys),
  });
  return {
    origin: withKeys(mail.origin),
    author: withKeys(mail.author),
    destination: at(mail.destination),
    recipients: mail.recipients.map(at),
    ...(mail.locked === undefined ? {} : { locked: mail.locked.map(at) }),
  };
}

/** One server, or a list of them, as a list. */
export function serversOf(stacie: NonNullable<TargetFile['stacie']>): readonly StacieTarget[] {
  return Array.isArray(stacie) ? stacie : [stacie as StacieTarget];
}

function withPath<Server extends Pick<StacieTarget, 'trust'>>(server: Server, folder: string): Server {
  return typeof server.trust === 'object'
    ? { ...server, trust: { pem: path.resolve(folder, server.trust.pem) } }
    : server;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'it may not be read';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}
