/** From a password to the verification token: the stages that a client runs (sections 1.3 to 1.6 of the STACIE digest). */
import { derive } from '../formats/stacie/index.js';

export interface DerivationInputs {
  /** As the server normalised it. */
  readonly username: string;
  readonly password: string;
  readonly salt?: Uint8Array;
  readonly bonus: number;
  readonly signal?: AbortSignal;
}

/** Gives the verification token, 64 octets, which the caller zeroes. Rejects when `signal` is aborted. */
export type VerificationTokenDerivation = (inputs: DerivationInputs) => Promise<Uint8Array>;

/** Keeps nothing of what lies between: seed and keys are zeroed. */
export const deriveVerificationToken: VerificationTokenDerivation = async ({ signal, ...inputs }) => {
  const made = await derive(inputs, signal === undefined ? {} : { signal });
  for (const secret of [made.seed, made.masterKey, made.passwordKey]) secret.fill(0);
  return made.verificationToken;
};
