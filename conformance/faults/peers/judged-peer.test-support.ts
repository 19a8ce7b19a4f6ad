/** Runs the suite against a peer of this folder, as a target by network. */
import type { Report } from '../../../reports/report.js';
import { allCases } from '../../cases/index.js';
import { octetsFrom } from '../../model/message-parties.js';
import {
  encryptionKey,
  type Field,
  type Form,
  fingerprint,
  type Identity,
  lastId,
  type Octets,
  organizationFields,
  type SigningKey,
  signetOctets,
  signingKey,
  userFields,
} from '../../model/signet-builder.js';
import { loadCatalogue } from '../../requirements/load.js';
import { runSuite } from '../../runner/run.js';
import type { MailParty, MailProfile, SigningParty, TargetProfile } from '../../target/profile.js';
import { mails } from '../../target/sample-mail.js';
import type { RunningPeer } from './listen.js';

export const domain = 'peer.example';
export const name = `dx.${domain}`;
export const sizeLimit = 256 * 1024;

const profile = 'dime-2015';
const seed = 1;

/** One signet of a chain, in the forms that servers store. */
export interface SampleSignet {
  readonly name: string;
  readonly full: Octets;
  readonly identifiable: Octets;
  readonly fingerprints: Readonly<Record<Form, string>>;
}

interface Made extends SampleSignet {
  readonly signing: SigningKey;
}

const identity = (text: string): Identity => ({
  signing: signingKey(octetsFrom(`${text} signing`, 32)),
  encryption: encryptionKey(octetsFrom(`${text} encryption`, 32)),
});

function organization(who: string, at: number): Made {
  const own = identity(`${who} ${at}`);
  return made(who, 'organization', own, organizationFields(profile, own, { form: 'identifiable', identifier: who }));
}

function user(who: string, at: number, signer: SigningKey, previous?: SigningKey): Made {
  const own = identity(`${who} ${at}`);
  const parts = {
    form: 'identifiable',
    identifier: who,
    signer,
    ...(previous === undefined ? {} : { previous }),
  } as const;
  return made(who, 'user', own, userFields(profile, own, parts));
}

function made(who: string, kind: 'organization' | 'user', { signing }: Identity, fields: readonly Field[]): Made {
  const through = (form: Form): readonly Field[] => fields.filter(({ id }) => id <= lastId(kind, form));
  const print = (form: Form): string =>
    Buffer.from(fingerprint(profile, kind, fields, lastId(kind, form)))
      .toString('base64')
      .replace(/=+$/, '');
  return {
    name: who,
    full: signetOctets(profile, kind, through('full')),
    identifiable: signetOctets(profile, kind, fields),
    fingerprints: { cryptographic: print('cryptographic'), full: print('full'), identifiable: print('identifiable') },
    signing,
  };
}

/** The oldest first. The organization keeps its first key, so that one key validates all signets of its user. */
function chains(): { readonly domain: readonly Made[]; readonly user: readonly Made[] } {
  const first = organization(domain, 1);
  const address = `alice@${domain}`;
  const signets: Made[] = [];
  for (let at = 1; at <= 3; at++) signets.push(user(address, at, first.signing, signets.at(-1)?.signing));
  return { domain: [first], user: signets };
}

const own = chains();
const origin = organization('origin.example', 1);
const author = user('ann@origin.example', 1, origin.signing);

/** What the peers publish: a chain a name, the oldest first. */
export const publishedChains: readonly (readonly SampleSignet[])[] = [own.domain, own.user];

const party = ({ name: who, full, fingerprints }: Made): MailParty => ({
  name: who,
  signet: full,
  fingerprint: fingerprints.full,
});
const writer = (signet: Made): SigningParty => ({ ...party(signet), signingSeed: () => signet.signing.seed });

function newest(chain: readonly Made[]): Made {
  const signet = chain.at(-1);
  if (signet === undefined) throw new RangeError('a chain has one signet at least');
  return signet;
}

const mail: MailProfile = {
  origin: writer(origin),
  author: writer(author),
  destination: party(newest(own.domain)),
  recipients: [party(newest(own.user))],
  locked: [],
};

export interface JudgeWishes {
  /** As the report names it. */
  readonly title: string;
  /** Whether mail can be written that it would store. */
  readonly takesMail: boolean;
  /** Whether its plain port speaks SMTP too. */
  readonly smtp: boolean;
  /** Requirements that are judged; all of the classes when not given. */
  readonly only?: readonly string[];
  /** Requirements whose cases are left for another time. */
  readonly later?: readonly string[];
  /** Runs of a property. */
  readonly runs: number;
}

/** The classes that the peers are judged by, as far as this version has cases for them. */
const classes: readonly string[] = ['dmtp-server', 'dmtp-signet', 'dmtp-dual-mode'];
/** One takes long to shrink, the other waits long for each peer that stays; plain-ports.test.ts has what it would say. */
const leftOut: readonly string[] = [
  'dmtp/arguments/near-misses-are-refused',
  'dmtp-dual-mode/starttls/handshake-fails',
];
const cases = allCases.filter(({ class: id, id: own }) => classes.includes(id) && !leftOut.includes(own));
const claims = classes.filter((id) => cases.some((subject) => subject.class === id));

/** What the cases may say a verdict on. */
export const judgedRequirements: ReadonlySet<string> = new Set(cases.flatMap(({ decides }) => decides));

/** The suite's verdicts on a peer. */
export async function judgePeer(
  peer: RunningPeer,
  { title, takesMail, smtp, only = [], later = [], runs }: JudgeWishes,
): Promise<Report> {
  const endpoint = { host: peer.host, port: peer.port, name };
  const target: TargetProfile = {
    name: title,
    kind: 'network',
    domain,
    foreignDomain: 'foreign.invalid',
    dmtp: endpoint,
    ...(peer.plainPort === null ? {} : { plain: { ...endpoint, port: peer.plainPort, smtp } }),
    dns: null,
    hasAdapter: false,
    claims,
    readings: [],
    limits: { replyMs: 1000, connectMs: 4000, idleMs: null, messageOctets: sizeLimit },
    disabled: [],
    messages: takesMail ? mails(mail) : null,
    ...(takesMail ? { mail } : {}),
    signets: publishedChains.map((chain) => ({ name: chain[0]?.name ?? '', signets: chain.map(({ full }) => full) })),
  };
  return await runSuite({
    suite: { name: 'dime-conformance', version: '0.0.0' },
    target: { profile: target, adapter: null, adapterCommand: null, endpoints: [], close: async () => undefined },
    catalogue: loadCatalogue(),
    cases: cases.filter(({ decides }) => !decides.every((id) => later.includes(id))),
    selection: { classes: claims, only, levels: [] },
    seed,
    runs,
    jobs: 8,
    caseLimitMs: 20_000,
    runLimitMs: 60_000,
    command: 'dime-conformance run --target peer.yaml',
    startedAt: new Date('2026-01-01T00:00:00Z'),
  });
}
