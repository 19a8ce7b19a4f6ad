/** A row of the catalogue, as the YAML files of this folder hold it and requirement.schema.json checks it. */
import type { Level } from '../../reports/report.js';

export interface Requirement {
  /** Chosen once; never moves. */
  readonly id: string;
  readonly level: Level;
  readonly role: 'server' | 'client' | 'both' | 'codec' | 'resolver' | 'publisher';
  /** The conformance class that scores it. */
  readonly class: string;
  readonly source: {
    /** `dmtp-observed`, `management-record`, `suite` (a rule of this suite's own). */
    readonly document: string;
    readonly section: string;
    /** Where the digest has it from: a file of an implementation, "derived (OQ-5)"... */
    readonly origin: string;
  };
  readonly text: string;
  /** `observed`: rests on an implementation by the specification's authors. */
  readonly status: 'normative' | 'observed' | 'interpretation';
  /** How the ambiguous place was read; present when `status` is `interpretation` or a question bears on the row. */
  readonly interpretation?: string;
  /** The reading under which the row holds at all. */
  readonly reading?: string;
  /** Open questions that bear on it: OQ-n. */
  readonly questions?: readonly string[];
  /** How it is decided, or why it cannot be. */
  readonly decided: { readonly by: 'network' | 'adapter' | 'dns' | 'hostile-peer' } | { readonly not: string };
}

export interface ConformanceClass {
  readonly id: string;
  readonly title: string;
  /** `planned`: requirements are catalogued, cases come with a later version. */
  readonly state: 'available' | 'planned';
  readonly needs: string;
}

/** A place where more than one behaviour is right. */
export interface Reading {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly questions?: readonly string[];
  /** The requirements on which the choice bears. */
  readonly requirements: readonly string[];
}

/** A place where the sources are silent, contradict one another or plainly err. */
export interface OpenQuestion {
  /** OQ-n, as the digests number it. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}
