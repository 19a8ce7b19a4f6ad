/** stacie.login, on the reference client. */

import { StacieError } from '../../../reference/formats/stacie/stacie-error.js';
import {
  StacieClientError,
  type StacieClientLimits,
  StacieClientMemory,
  stacieLogin,
} from '../../../reference/stacie/client.js';
import { type Operation, OperationRefusal } from './serve.js';

/**
 * Shorter than for a person, since nobody waits here with a short password: a login with few rounds still takes the same
 * time whatever the password is (STACIE-207).
 */
const limits: Partial<StacieClientLimits> = { paceMs: 60, answerMs: 1_000, totalMs: 20_000 };

/** What a client remembers, it remembers for as long as the adapter runs. */
const memory = new StacieClientMemory();

/** As stacie.login.input.schema.json has it. */
interface LoginInput {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
  readonly revision: '00' | '03';
  readonly trust?: string;
}

export const stacieLoginOperations: Readonly<Record<'stacie.login', Operation>> = {
  'stacie.login': async (input) => {
    const { trust, ...asked } = input as unknown as LoginInput;
    try {
      const options = { ...asked, limits, memory, trust: trust === undefined ? ('system' as const) : { pem: trust } };
      const { authenticated, keys } = await stacieLogin(options);
      return {
        authenticated,
        keys: keys.map(({ label, index, shard }) => ({
          realm: label,
          index,
          shard: Buffer.from(shard).toString('base64url'),
        })),
      };
    } catch (error) {
      if (error instanceof StacieClientError) throw new OperationRefusal(error.message, rowOf(error.requirement));
      if (error instanceof StacieError) throw new OperationRefusal(error.message);
      throw error;
    }
  },
};

/** The requirement member names rows of the catalogue only, not interpretations. */
function rowOf(requirement: string | undefined): { readonly requirement?: string } {
  return requirement !== undefined && /^STACIE-\d+$/.test(requirement) ? { requirement } : {};
}
