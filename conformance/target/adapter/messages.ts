/** The messages of the adapter protocol, version 1: one JSON object a line, both ways (README.md of this folder). */

export const protocolVersion = 1;

/** The longest line in octets, its line feed not counted. */
export const longestLine = 16 * 1024 * 1024;

export interface AdapterRequest {
  /** Unique in the session. */
  readonly id: number;
  readonly op: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What an adapter says of itself. Members that it left out are empty. */
export interface AdapterHello {
  readonly protocol: typeof protocolVersion;
  readonly name: string;
  readonly version: string;
  readonly language: string;
  /** Profiles of signets and messages: `dime-2015`, `dime-2015-magma`, `prime`. */
  readonly profiles: readonly string[];
  /** Revisions of STACIE: `00`, `03`. */
  readonly stacie: readonly string[];
  readonly operations: readonly string[];
}

/** What an adapter answered to one request. */
export type AdapterAnswer =
  | { readonly kind: 'result'; readonly value: Record<string, unknown> }
  /** `invalid`: the input was refused, as a right implementation refuses a wrong one. `internal`: it failed otherwise. */
  | {
      readonly kind: 'error';
      readonly code: 'invalid' | 'internal';
      readonly message: string;
      readonly requirement?: string;
      /** Where in the input, in octets. */
      readonly offset?: number;
    }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** A response as it stands on the line; response.schema.json says that exactly one of the three is there. */
export interface AdapterResponse {
  readonly id: number;
  readonly result?: Record<string, unknown>;
  readonly error?: {
    readonly code: 'invalid' | 'internal';
    readonly message: string;
    readonly requirement?: string;
    readonly offset?: number;
  };
  readonly unsupported?: { readonly reason: string };
}

/** @throws Error when `response` was not checked with response.schema.json before */
export function answerOf({ result, error, unsupported }: AdapterResponse): AdapterAnswer {
  if (result !== undefined) return { kind: 'result', value: result };
  if (unsupported !== undefined) return { kind: 'unsupported', reason: unsupported.reason };
  if (error === undefined) throw new Error('a response holds one of result, error and unsupported');
  const { code, message, requirement, offset } = error;
  return {
    kind: 'error',
    code,
    message,
    ...(requirement === undefined ? {} : { requirement }),
    ...(offset === undefined ? {} : { offset }),
  };
}
