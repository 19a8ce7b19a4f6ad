/** Which cases a run carries out, and why the others are skipped. */
import type { Level } from '../../reports/report.js';
import type { Case, Need } from '../cases/case.js';
import type { Catalogue } from '../requirements/load.js';
import type { Target } from '../target/target.js';

export interface Selection {
  /** Class ids; empty for all. */
  readonly classes: readonly string[];
  /** Requirement ids, case ids, or beginnings of case ids up to a slash; empty for all. */
  readonly only: readonly string[];
  /** Levels; empty for all. MUST takes MUST NOT along, SHOULD takes SHOULD NOT. */
  readonly levels: readonly Level[];
}

export interface PlannedCase {
  readonly case: Case;
  /** Why it is not carried out; null when it is. */
  readonly skip: string | null;
}

/** A selection that names something which does not exist: exit status 2. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/** @throws SelectionError naming what is unknown */
export function planCases(
  cases: readonly Case[],
  catalogue: Catalogue,
  target: Target,
  selection: Selection,
): PlannedCase[] {
  checkSelection(cases, catalogue, selection);
  return cases
    .filter((subject) => isSelected(subject, catalogue, selection))
    .map((subject) => ({ case: subject, skip: whySkipped(subject, target) }));
}

/** @throws SelectionError naming what is unknown */
export function checkSelection(cases: readonly Case[], catalogue: Catalogue, { classes, only }: Selection): void {
  const known = new Set(catalogue.classes.map(({ id }) => id));
  for (const id of classes) {
    if (!known.has(id)) throw new SelectionError(`--class: no class "${id}"; there are ${[...known].join(', ')}`);
  }
  for (const id of only) {
    if (catalogue.requirements.has(id)) {
      if (cases.some((subject) => subject.decides.includes(id))) continue;
      throw new SelectionError(`--only: requirement ${id} is decided by no case of this version`);
    }
    if (!cases.some((subject) => isNamed(subject, id))) {
      throw new SelectionError(`--only: no requirement and no case "${id}" (try: dime-conformance list cases)`);
    }
  }
}

function isSelected(subject: Case, catalogue: Catalogue, { classes, only, levels }: Selection): boolean {
  if (classes.length > 0 && !classes.includes(subject.class)) return false;
  if (only.length > 0 && !only.some((id) => isNamed(subject, id))) return false;
  if (levels.length === 0) return true;
  return subject.decides.some((id) => {
    const level = catalogue.requirements.get(id)?.level;
    return level !== undefined && levels.some((wanted) => level === wanted || level === `${wanted} NOT`);
  });
}

function isNamed(subject: Case, id: string): boolean {
  return subject.decides.includes(id) || subject.id === id || subject.id.startsWith(`${id.replace(/\/$/, '')}/`);
}

function whySkipped(subject: Case, target: Target): string | null {
  const { profile } = target;
  if (!profile.claims.includes(subject.class)) return `the target does not claim the class ${subject.class}`;
  if (subject.reading !== undefined && !profile.readings.includes(subject.reading)) {
    return `the target does not claim the reading ${subject.reading}`;
  }
  const missing = subject.needs.find((need) => !has[need](target));
  return missing === undefined ? null : `the target has no ${said[missing]}`;
}

const has: Record<Need, (target: Target) => boolean> = {
  dmtp: ({ profile }) => profile.dmtp !== null,
  dns: ({ profile }) => profile.dns !== null,
  stacie: ({ profile }) => (profile.stacie ?? []).length > 0,
  'stacie-00': ({ profile }) => (profile.stacie ?? []).some(({ revision }) => revision === '00'),
  'stacie-03': ({ profile }) => (profile.stacie ?? []).some(({ revision }) => revision === '03'),
  'stacie-accounts': ({ profile }) => (profile.stacie ?? []).some(({ canRegister }) => canRegister),
  dmap: ({ profile }) => profile.dmap !== undefined,
  'dmap-accounts': ({ profile }) => (profile.dmap?.accounts.length ?? 0) > 1,
  'dmap-idle-limit': ({ profile }) => profile.dmap?.idleMs != null,
  'dmap-submission': ({ profile }) => profile.dmap?.submission !== undefined,
  'dmap-earlier-key': ({ profile }) => (profile.dmap?.submission?.earlierSeeds.length ?? 0) > 0,
  'dmap-options': ({ profile }) => {
    const { honoured = [], denied = [] } = profile.dmap?.submission?.options ?? {};
    return honoured.length > 0 && denied.length > 0;
  },
  adapter: ({ adapter }) => adapter !== null,
  message: ({ profile }) => profile.messages !== null,
  mail: ({ profile }) => profile.mail !== undefined,
  signets: ({ profile }) => (profile.signets ?? []).length > 0,
  history: ({ profile }) =>
    (profile.signets ?? []).some(({ name, signets }) => name.includes('@') && signets.length > 1),
  plain: ({ profile }) => profile.plain !== undefined,
  'plain-smtp': ({ profile }) => profile.plain?.smtp === true,
  'plain-only': ({ profile }) => profile.plain?.smtp === false,
  'idle-limit': ({ profile }) => profile.limits.idleMs !== null,
  'message-limit': ({ profile }) => profile.limits.messageOctets !== null,
  'disabled-command': ({ profile }) => profile.disabled.length > 0,
};

const said: Record<Need, string> = {
  dmtp: 'DMTP endpoint (dmtp)',
  dns: 'DNS server (dns)',
  stacie: 'STACIE server (stacie)',
  'stacie-00': 'STACIE server of revision 00 (stacie)',
  'stacie-03': 'STACIE server of revision 03 (stacie)',
  'stacie-accounts': 'STACIE server where accounts may be made (stacie.canRegister)',
  dmap: 'DMAP endpoint (dmap)',
  'dmap-accounts': 'second account for DMAP (dmap.accounts)',
  'dmap-idle-limit': 'known idle limit of DMAP (dmap.idleMs)',
  'dmap-submission': 'account of which the signing key is known, for SUBMIT (dmap.submission)',
  'dmap-earlier-key': 'earlier signing key of the account that submits (dmap.submission.author.earlierKeys)',
  'dmap-options': 'delivery options of SUBMIT that are honoured and denied (dmap.submission.options)',
  adapter: 'adapter (adapter)',
  message: 'message that it would store (messages)',
  mail: 'known origin and recipients of mail (mail)',
  signets: 'known signets (signets)',
  history: 'account of which several signets are known (signets)',
  plain: 'plain port (plain)',
  'plain-smtp': 'plain port with an SMTP service (plain.smtp: true)',
  'plain-only': 'plain port without an SMTP service (plain.smtp: false)',
  'idle-limit': 'known idle limit (limits.idleMs)',
  'message-limit': 'known message limit (limits.messageOctets)',
  'disabled-command': 'command that is switched off (disabled)',
};
