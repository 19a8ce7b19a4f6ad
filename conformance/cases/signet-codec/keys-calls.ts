import type { Identity } from '../../model/signet-builder.js';
import type { KeysType } from '../../model/signet-keys.js';
import type { CaseContext } from '../../runner/context.js';
import { type Answer, base64url, octetsIn, same, show } from './signet-calls.js';

/** States that an answer holds these keys. */
export function mustBeKeys(
  context: CaseContext,
  requirement: string,
  answer: Answer,
  type: KeysType,
  { signing, encryption }: Identity,
  what: string,
): void {
  const right = {
    signingPrivate: signing.seed,
    signingPublic: signing.publicKey,
    encryptionPrivate: encryption.scalar,
    encryptionPublic: encryption.point,
  };
  const holds =
    answer.kind === 'result' &&
    answer.value.type === type &&
    Object.entries(right).every(([member, octets]) => same(octetsIn(answer.value, member), octets));
  const told = Object.entries(right).map(([member, octets]) => `${member} ${base64url(octets)}`);
  context.require(requirement, holds, `${what} to hold the keys of type ${type}: ${told.join(', ')}`, show(answer));
}
