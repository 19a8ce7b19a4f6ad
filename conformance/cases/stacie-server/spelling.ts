/** Other ways to write a request. */

/** A text put into a value at a place, 0 to 1. */
export interface StacieSpelling {
  readonly member: 'nonce' | 'token';
  readonly place: number;
  readonly text: string;
}

/** JSON in which every character outside ASCII is an escape. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
