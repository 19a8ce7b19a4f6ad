/**
 * A seeded fault: the reference with one requirement broken. It proves that the cases which decide the requirement can
 * fail. A fault is small: whatever it breaks beside its requirement weakens the proof.
 */
import type { Operations } from '../target/adapter/serve.js';
import type { EmbeddedOptions, ReferenceHooks } from '../target/embedded.js';

/** A way of starting the reference; between them they can do all that any case needs. */
export type Flavour = Pick<EmbeddedOptions, 'numberedCodes' | 'smtp'>;

/** The usual one first. */
export const flavours: readonly Flavour[] = [{}, { numberedCodes: true }, { smtp: false }];

export interface Fault {
  /** `<area>/<what is wrong>`. */
  readonly id: string;
  /** The requirement that it breaks. */
  readonly breaks: string;
  /** One sentence on what the faulty peer does. */
  readonly title: string;
  /** For servers: where the reference is bent. */
  readonly hooks?: ReferenceHooks;
  /** The same for faults with a memory that all sessions of one server share: called once for each server. */
  readonly freshHooks?: () => ReferenceHooks;
  /** For servers: what stands before the DMTP port. */
  readonly front?: NonNullable<EmbeddedOptions['front']>;
  /** The same before the plain port. */
  readonly plainFront?: NonNullable<EmbeddedOptions['plainFront']>;
  /** In which way the reference is started, when the usual one does not show the fault. */
  readonly flavour?: Flavour;
  /** For servers: what stands before the DMAP port. */
  readonly dmapFront?: NonNullable<EmbeddedOptions['dmapFront']>;
  /** For codecs: the operations of the adapter, bent. */
  readonly operations?: (inner: Operations) => Operations;
  /** Shorter time limits, for a fault that shows by silence; for the cases that have to catch it only. */
  readonly limits?: NonNullable<EmbeddedOptions['limits']>;
  /** Why the server shows no sign of life after the case that caught it. */
  readonly kills?: string;
  /** Why cases that have nothing to do with what it breaks fail too. */
  readonly spreads?: string;
}
