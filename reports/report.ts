/**
 * The report: one JSON document that a run writes and everything else is rendered from. Its JSON Schema is
 * report.schema.json; `version` grows when a member changes its meaning, not when one is added.
 *
 * Texts that a peer sent stand in it as they came (one character an octet); every renderer escapes them.
 */

export const reportFormat = 'dime-conformance-report';
export const reportVersion = 1;

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

/**
 * What was decided. `warn`: a SHOULD broken. `info`: a MAY, taken or not. `skip`: the target does not claim the class,
 * lacks what the case needs, or answered `unsupported`. `inconclusive`: the environment failed.
 */
export type Decision = 'pass' | 'fail' | 'warn' | 'info' | 'skip' | 'inconclusive';

/** How the exchange ended. `refused`: the peer said no in the protocol's own way; `hung`: silence past the limit. */
export type Ending = 'answered' | 'refused' | 'closed' | 'reset' | 'timed-out' | 'hung' | 'unreachable' | 'not-run';

/** Whether the peer answered the plain exchange after the case. `unknown`: there is none for this kind of peer. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export interface Report {
  readonly format: typeof reportFormat;
  readonly version: typeof reportVersion;
  readonly suite: { readonly name: string; readonly version: string; readonly grammars: readonly GrammarIdentity[] };
  readonly run: RunFacts;
  readonly target: TargetFacts;
  readonly summary: Summary;
  readonly classes: readonly ClassScore[];
  readonly requirements: readonly RequirementResult[];
  readonly cases: readonly CaseResult[];
  /** Which reading of an ambiguous place the target follows, as far as the run saw it. */
  readonly readings: readonly ReadingResult[];
  /**
   * Places where the sources are silent, contradict one another or plainly err, with how each was read. Missing in
   * documents of a suite that did not tell them.
   */
  readonly defects?: readonly DefectResult[];
  readonly coverage: readonly CoverageResult[];
  /** What went wrong outside every requirement: the adapter sent no JSON, the target stopped answering... */
  readonly findings: readonly Finding[];
  /** Written last; a document without it was cut short. */
  readonly footer: { readonly complete: true; readonly cases: number; readonly requirements: number };
}

export interface GrammarIdentity {
  readonly name: string;
  readonly sha256: string;
}

export interface RunFacts {
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Runs of each property unless the case sets its own. */
  readonly runs: number;
  readonly jobs: number;
  readonly selection: {
    readonly classes: readonly string[];
    readonly only: readonly string[];
    readonly levels: readonly Level[];
  };
  /** The command line that does this run again. */
  readonly command: string;
}

export interface TargetFacts {
  readonly name: string;
  readonly kind: 'embedded' | 'network' | 'adapter' | 'network+adapter';
  readonly endpoints: readonly { readonly role: string; readonly address: string }[];
  /** What the target says it is: a banner's words, an adapter's hello. From the peer. */
  readonly software: string | null;
  readonly domain: string | null;
  readonly claims: readonly string[];
  readonly readings: readonly string[];
}

export interface Counts {
  readonly pass: number;
  readonly fail: number;
  readonly warn: number;
  readonly info: number;
  readonly skip: number;
  readonly inconclusive: number;
}

export interface Summary {
  /** `undecided`: no MUST failed, but something could not be judged that had to be. */
  readonly verdict: 'pass' | 'fail' | 'undecided';
  readonly exitStatus: 0 | 1 | 3;
  readonly requirements: Counts;
  /** Those of `requirements` that are scored apart; missing in documents of a suite that did not part them. */
  readonly interpretation?: Counts;
  readonly cases: Counts;
}

export interface ClassScore {
  readonly id: string;
  readonly title: string;
  /** `planned`: this version of the suite has no cases for the class yet. */
  readonly state: 'judged' | 'not-claimed' | 'not-selected' | 'planned';
  /** Requirements of the class by decision; `open` ones have no verdict (undecidable or planned). */
  readonly must: Counts;
  readonly should: Counts;
  readonly may: Counts;
  /**
   * Those of the three that rest on an interpretation and are scored apart; what is left of the three is the core. Missing
   * in documents of a suite that did not part them.
   */
  readonly interpretation?: { readonly must: Counts; readonly should: Counts; readonly may: Counts };
  readonly open: number;
}

export interface RequirementResult {
  readonly id: string;
  readonly level: Level;
  readonly role: string;
  readonly class: string;
  /** Further classes that score it by their own cases; missing where there are none. */
  readonly also?: readonly string[];
  readonly text: string;
  readonly source: { readonly document: string; readonly section: string; readonly origin: string };
  readonly status: 'normative' | 'observed' | 'interpretation';
  /**
   * `core`: the sources decide it. `interpretation`: no verdict can be had without an interpretation, so it is scored
   * apart. Missing in documents of a suite that did not part them.
   */
  readonly scored?: 'core' | 'interpretation';
  readonly reading: string | null;
  /** How an ambiguous place was read, where it was. */
  readonly interpretation: string | null;
  /** Ids of the defects of the sources that bear on it. */
  readonly questions: readonly string[];
  /** Null: nothing decides it; `reason` says why. */
  readonly decision: Decision | null;
  readonly reason: string | null;
  readonly cases: readonly string[];
}

export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly class: string;
  readonly requirements: readonly string[];
  readonly decision: Decision;
  readonly ending: Ending;
  readonly liveness: Liveness;
  readonly seed: number;
  /** Property runs carried out. */
  readonly runs: number;
  readonly durationMs: number;
  /** Why it was skipped or inconclusive, or in one line what failed. */
  readonly reason: string | null;
  /** What was seen and is worth telling: an answer that is also right, an option taken. From the peer in part. */
  readonly notes: readonly string[];
  readonly failure: Failure | null;
  /** One run as it went; of the last run when all passed, of the smallest counterexample when not. */
  readonly transcript: readonly TranscriptEvent[];
}

export interface Failure {
  readonly requirement: string;
  readonly expected: string;
  readonly actual: string;
  /** The smallest input that fails, printed. */
  readonly counterexample: string;
  /** Steps of shrinking that led to it. */
  readonly shrinks: number;
  /** Repeats of that input: it failed `failed` of `of` times. */
  readonly repeats: { readonly failed: number; readonly of: number };
  /** Token for --replay. */
  readonly replay: string;
  /** The command line that does exactly this again. */
  readonly command: string;
  /** The same by hand: commands that a person can type. */
  readonly byHand: readonly string[];
}

export type TranscriptEventKind =
  | 'connected'
  | 'secured'
  | 'sent'
  | 'received'
  | 'closed'
  | 'reset'
  | 'timeout'
  | 'request'
  | 'response'
  | 'query'
  | 'answer'
  | 'note';

export interface TranscriptEvent {
  /** Milliseconds since the run of the property began. */
  readonly atMs: number;
  /** Which connection, from 1 in the order of opening. */
  readonly connection: number;
  readonly event: TranscriptEventKind;
  /** One character an octet, cut to what the transcript keeps. */
  readonly text: string;
  /** Octets in all, when `text` was cut. */
  readonly octets?: number;
}

export interface ReadingResult {
  readonly reading: string;
  readonly title: string;
  readonly claimed: boolean;
  /** What the answers showed; null when nothing did. */
  readonly observed: string | null;
}

/** A defect, gap or contradiction of the sources. */
export interface DefectResult {
  readonly id: string;
  readonly title: string;
  readonly document: string;
  /** Sections of a draft, or the place in an implementation that was looked at. */
  readonly section: string;
  /** What is wrong. */
  readonly text: string;
  /** How the suite reads it. */
  readonly interpretation: string;
  /** What the answers of a peer weigh there; missing where the suite does not say. */
  readonly scoring?: {
    readonly as: readonly ('strict' | 'interpretation' | 'tolerant' | 'not-scored')[];
    /** Which part of the place is scored how; null where there is one part only. */
    readonly note: string | null;
  };
  /** Readings among which a target may choose here; `Report.readings` has what it follows. */
  readonly readings: readonly string[];
  /** The requirements on which it bears. */
  readonly requirements: readonly string[];
}

export interface CoverageResult {
  readonly grammar: string;
  readonly rules: { readonly hit: number; readonly of: number };
  readonly alternatives: { readonly hit: number; readonly of: number };
  /** Rules and alternatives that no text of the run went through. */
  readonly missed: readonly { readonly rule: string; readonly alternative: string | null }[];
}

export interface Finding {
  readonly kind: string;
  readonly text: string;
  readonly cases: readonly string[];
}
