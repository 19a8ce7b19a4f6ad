/** Why a STACIE client stops: each thing that a server, or somebody in its place, can do wrong has its own code. */
import type { StacieMessageError } from '../formats/stacie/messages/index.js';

export type StacieClientErrorCode =
  | 'bad-endpoint'
  | 'unreachable'
  | 'untrusted'
  | 'timeout'
  | 'aborted'
  | 'http-status'
  | 'wrong-media-type'
  | 'answer-too-large'
  | 'malformed-answer'
  | 'unexpected-answer'
  /** The server answered the login with an error. */
  | 'refused'
  | 'short-salt'
  | 'short-nonce'
  | 'bad-base64'
  | 'bad-bonus'
  | 'unsupported-hash'
  | 'unsupported-cipher'
  /** A required method that this client does not know, or a second password method. */
  | 'extra-method'
  | 'bad-shard'
  | 'reused-nonce'
  | 'wrong-user'
  /** More rounds than this client is willing to do. */
  | 'too-costly'
  /** Less work or salt than at an earlier login. */
  | 'weakened';

export class StacieClientError extends Error {
  override readonly name = 'StacieClientError';
  constructor(
    readonly code: StacieClientErrorCode,
    message: string,
    /** The row of the STACIE digest, where there is one. */
    readonly requirement?: string,
    options?: ErrorOptions,
  ) {
    super(`STACIE login: ${message}${requirement === undefined ? '' : ` (${requirement})`}`, options);
  }
}

const byRequirement: ReadonlyMap<string, StacieClientErrorCode> = new Map<string, StacieClientErrorCode>([
  ['STACIE-010', 'bad-base64'],
  ['STACIE-011', 'bad-base64'],
  ['STACIE-012', 'bad-base64'],
  ['STACIE-022', 'short-salt'],
  ['STACIE-027', 'short-nonce'],
  ['STACIE-102', 'bad-shard'],
  ['STACIE-152', 'extra-method'],
  ['STACIE-163', 'bad-bonus'],
  ['STACIE-167', 'unsupported-hash'],
  ['STACIE-172', 'unsupported-cipher'],
  ['STACIE-178', 'extra-method'],
]);

/** What a message that cannot be read says about the server. */
export function malformedAnswer(error: StacieMessageError): StacieClientError {
  const { requirement, interpretation } = error;
  const code = (requirement === undefined ? undefined : byRequirement.get(requirement)) ?? 'malformed-answer';
  return new StacieClientError(code, `the answer cannot be used: ${error.message}`, requirement ?? interpretation, {
    cause: error,
  });
}
