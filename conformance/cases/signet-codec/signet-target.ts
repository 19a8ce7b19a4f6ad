/** Test support: the reference codecs of signets as a target, right or bent by a fault. */
import { connectOperations } from '../../target/adapter/client.js';
import { referenceIdentity, referenceOperations } from '../../target/adapter/operations.js';
import type { Operations } from '../../target/adapter/serve.js';
import type { Target } from '../../target/target.js';
import { noServer } from '../record/codec-target.js';

export async function openSignetCodecs(
  operations: Operations = referenceOperations,
  profiles: readonly string[] = referenceIdentity.profiles ?? [],
): Promise<Target> {
  const adapter = await connectOperations(operations, { ...referenceIdentity, profiles });
  const profile = { ...noServer, claims: ['signet-codec'] };
  return { profile, adapter, adapterCommand: null, endpoints: [], close: () => adapter.close() };
}
