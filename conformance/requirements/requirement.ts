/** A row of the catalogue, as the YAML files of this folder hold it and requirement.schema.json checks it. */
import type { Level } from '../../reports/report.js';

export interface Requirement {
  /** Chosen once; never moves. */
  readonly id: string;
  readonly level: Level;
  readonly role:
    | 'server'
    | 'client'
    | 'both'
    | 'codec'
    | 'resolver'
    | 'publisher'
    /** Of signets and keys: who makes, signs, checks, stores and armors them. */
    | 'user'
    | 'organization'
    | 'verifier'
    | 'keystore'
    | 'armor'
    /** Of messages: the four actors. */
    | 'author'
    | 'origin'
    | 'destination'
    | 'recipient';
  /** The conformance class that it belongs to. */
  readonly class: string;
  /** Further classes whose cases decide it as well; each scores it by its own cases. */
  readonly also?: readonly string[];
  readonly source: {
    /** A digest (`dmtp-observed`, `signets`...), a draft (`draft-melnikov-dmap`...), or `suite`: a rule of its own. */
    readonly document: string;
    /** Of a digest, "12.3, 12.4", or of a draft, "§7.6.4", with several revisions "00 §5.1.1, 03 §7.2.1". */
    readonly section: string;
    /** Where it comes from: a file of an implementation, "derived (OQ-5)", "revision 03, sample code"... */
    readonly origin: string;
    /** The revisions of a draft in which it stands. */
    readonly revisions?: readonly ('00' | '03')[];
  };
  readonly text: string;
  /** `normative`: the published text says so; `observed`: an implementation by its authors does so. */
  readonly status: 'normative' | 'observed' | 'interpretation';
  /**
   * The source demands it, but no verdict can be had without a form that only an interpretation gives. A row whose
   * status is `interpretation` is scored so without saying it.
   */
  readonly scored?: 'interpretation';
  /** How the ambiguous place was read; present when `status` is `interpretation` or a question bears on the row. */
  readonly interpretation?: string;
  /** The reading under which the row holds at all. */
  readonly reading?: string;
  /** Defects of the sources that bear on it: OQ-n, STACIE-I-nn, DMAP-I-nn. */
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

/** A place where the sources are silent, contradict one another or plainly err, and how it is read. */
export interface Defect {
  /** OQ-n, STACIE-I-nn or DMAP-I-nn, as the digests number it. */
  readonly id: string;
  readonly title: string;
  readonly document: string;
  /** Sections of a draft, or the place in an implementation that was looked at. */
  readonly section: string;
  /** What is wrong. */
  readonly text: string;
  /** How this suite reads it. */
  readonly interpretation: string;
  /** What the answers of a peer weigh there; only the entries of DMAP say it. */
  readonly scoring?: {
    readonly as: readonly ('strict' | 'interpretation' | 'tolerant' | 'not-scored')[];
    /** Which part of the place is scored how, where there are several. */
    readonly note?: string;
  };
}

/** Whether the sources decide a row, or it is scored apart since an interpretation does. */
export function scoredAs({ status, scored }: Requirement): 'core' | 'interpretation' {
  return status === 'interpretation' ? 'interpretation' : (scored ?? 'core');
}
