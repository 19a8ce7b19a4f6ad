/**
 * The stacie operations, on the reference formats: derivation, realms, envelopes and shards. Messages are beside, in
 * stacie-message-operations.ts. Logging in will be one more file: it needs a server, so it will be a promise.
 */
import { randomBytes } from 'node:crypto';
import {
  decodeBase64url,
  decrypt,
  derive,
  encodeBase64url,
  encrypt,
  realmKeys,
  rotateShard,
  rounds,
  StacieError,
} from '../../../reference/formats/stacie/index.js';
import { type Operation, OperationRefusal } from './serve.js';

type Input = Readonly<Record<string, unknown>>;

/** Inputs have the shape that their schemas ask for; what the formats judge is left to them. */
const operations = {
  'stacie.rounds': (input) => ({ rounds: rounds(passwordIn(input), input.bonus as number) }),

  'stacie.derive': async (input) => {
    const { username, bonus = 0 } = input as { readonly username: string; readonly bonus?: number };
    const values = await derive({
      username,
      password: passwordIn(input),
      salt: optional(input, 'salt'),
      nonce: optional(input, 'nonce'),
      bonus,
    });
    const { rounds: count, seed, masterKey, passwordKey, verificationToken, ephemeralLoginToken } = values;
    return {
      rounds: count,
      seed: encodeBase64url(seed),
      masterKey: encodeBase64url(masterKey),
      passwordKey: encodeBase64url(passwordKey),
      verificationToken: encodeBase64url(verificationToken),
      ...(ephemeralLoginToken === undefined ? {} : { ephemeralLoginToken: encodeBase64url(ephemeralLoginToken) }),
    };
  },

  'stacie.realm': (input) => {
    const { realmKey, vectorKey, tagKey, cipherKey } = realmKeys(input.revision as '00' | '03', {
      masterKey: octets(input, 'masterKey'),
      realm: input.realm as string,
      shard: octets(input, 'shard'),
      salt: optional(input, 'salt'),
    });
    return {
      realmKey: encodeBase64url(realmKey),
      vectorKey: encodeBase64url(vectorKey),
      ...(tagKey === undefined ? {} : { tagKey: encodeBase64url(tagKey) }),
      cipherKey: encodeBase64url(cipherKey),
    };
  },

  'stacie.encrypt': (input) => {
    const vectorShard = optional(input, 'vectorShard') ?? new Uint8Array(randomBytes(16));
    const serial = input.serial as number;
    return {
      envelope: encodeBase64url(encrypt({ ...envelopeKeys(input), serial, data: octets(input, 'data'), vectorShard })),
    };
  },

  'stacie.decrypt': (input) => {
    const { serial, data } = decrypt({ ...envelopeKeys(input), envelope: octets(input, 'envelope') });
    return { serial, data: encodeBase64url(data) };
  },

  'stacie.shard-rotate': (input) => {
    const realm = input.realm as string;
    const oldSalt = optional(input, 'oldSalt');
    const newSalt = optional(input, 'newSalt');
    if (oldSalt !== undefined && newSalt === undefined) {
      throw new OperationRefusal('STACIE newSalt is missing; right is 64 octets or more, since there is an oldSalt', {
        requirement: 'STACIE-137',
      });
    }
    const old = { masterKey: octets(input, 'oldMasterKey'), realm, shard: octets(input, 'oldShard'), salt: oldSalt };
    const { realmKey } = realmKeys('03', old);
    const newMasterKey = octets(input, 'newMasterKey');
    return { newShard: encodeBase64url(rotateShard({ realm, realmKey, newMasterKey, newSalt })) };
  },
} satisfies Readonly<Record<string, Operation>>;

export const stacieOperations: Readonly<Record<keyof typeof operations, Operation>> = {
  'stacie.rounds': refusing(operations['stacie.rounds']),
  'stacie.derive': refusing(operations['stacie.derive']),
  'stacie.realm': refusing(operations['stacie.realm']),
  'stacie.encrypt': refusing(operations['stacie.encrypt']),
  'stacie.decrypt': refusing(operations['stacie.decrypt']),
  'stacie.shard-rotate': refusing(operations['stacie.shard-rotate']),
};

/** What the formats refuse becomes the refusal of the operation. */
function refusing(operation: Operation): Operation {
  return async (input) => {
    try {
      return await operation(input);
    } catch (error) {
      if (!(error instanceof StacieError)) throw error;
      throw new OperationRefusal(error.message, { requirement: error.requirement });
    }
  };
}

function passwordIn({ password, passwordOctets }: Input): string | Uint8Array {
  return passwordOctets === undefined
    ? (password as string)
    : decodeBase64url(passwordOctets as string, 'passwordOctets');
}

function octets(input: Input, member: string): Uint8Array {
  return decodeBase64url(input[member] as string, member);
}

/** Absent is undefined, which is something else than empty (STACIE-I-17). */
function optional(input: Input, member: string): Uint8Array | undefined {
  return input[member] === undefined ? undefined : octets(input, member);
}

function envelopeKeys(input: Input): { vectorKey: Uint8Array; tagKey: Uint8Array; cipherKey: Uint8Array } {
  return {
    vectorKey: octets(input, 'vectorKey'),
    tagKey: octets(input, 'tagKey'),
    cipherKey: octets(input, 'cipherKey'),
  };
}
