/**
 * Delivery options to try SUBMIT with. The base document defines none; these two have the names that other protocols of
 * submission gave theirs.
 */
import type { DeliveryOption } from '../../grammar/dmap.js';
import type { DeliveryPolicy } from './delivery-options.js';

const words = ['NEVER', 'SUCCESS', 'FAILURE', 'DELAY'];

/** `FROM "address"`: submitted in the name of that user, who has to be the one who submits. */
const from: DeliveryPolicy = {
  isValid: (option) => addressOf(option)?.includes('@') === true,
  refusal: (option, username) =>
    addressOf(option)?.toLowerCase() === username.toLowerCase() ? null : 'users submit in their own name only',
};

/** `DSN (NEVER)`, or a list of SUCCESS, FAILURE and DELAY: when the author wants a notice. No notices are made here. */
const dsn: DeliveryPolicy = {
  isValid: (option) => {
    const asked = wordsOf(option);
    return (
      asked.length > 0 &&
      asked.every((word) => words.includes(word)) &&
      (asked.length === 1 || !asked.includes('NEVER'))
    );
  },
  refusal: (option) => (wordsOf(option)[0] === 'NEVER' ? null : 'no notices of delivery are made here'),
};

/** By their names, which the capabilities `SUBMIT=FROM` and `SUBMIT=DSN` announce. */
export const sampleDeliveryOptions: ReadonlyMap<string, DeliveryPolicy> = new Map([
  ['FROM', from],
  ['DSN', dsn],
]);

function addressOf({ values: [value, more] }: DeliveryOption): string | null {
  return value?.kind === 'string' && more === undefined ? Buffer.from(value.octets).toString('utf8') : null;
}

/** In upper case; none when the option is written in another way. */
function wordsOf({ values: [value, more] }: DeliveryOption): string[] {
  if (value?.kind !== 'list' || more !== undefined) return [];
  return value.items.map((item) => (item.kind === 'atom' ? item.text.toUpperCase() : ''));
}
