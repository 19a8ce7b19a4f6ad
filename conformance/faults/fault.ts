/**
 * A seeded fault: the reference with one requirement broken. It proves that the cases which decide the requirement can
 * fail. A fault is small: whatever it breaks beside its requirement weakens the proof.
 */
import type { ReferenceHooks } from '../target/embedded.js';
import type { Operations } from '../target/adapter/serve.js';

export interface Fault {
  /** `<area>/<what is wrong>`. */
  readonly id: string;
  /** The requirement that it breaks. */
  readonly breaks: string;
  /** One sentence on what the faulty peer does. */
  readonly title: string;
  /** For servers: where the reference is bent. */
  readonly hooks?: ReferenceHooks;
  /** For codecs: the operations of the adapter, bent. */
  readonly operations?: (inner: Operations) => Operations;
}
