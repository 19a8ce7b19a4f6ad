/** Hosts that can be used, and hosts that cannot. */
import type { StandardPort } from '../../target/hostile-dmtp.js';
import type { HostPlan, Rules } from './stage.js';

/** Addresses of hosts: the first of many that a host has as its own. */
export const addressOf = (number: number): string => `127.0.0.${number + 1}`;

export type Failure = 'closed port' | 'bad greeting' | 'reset' | 'close' | 'no TLS' | 'no address';

/** A host that cannot be used, or a right one for null. */
export function host(
  label: string,
  number: number,
  failure: Failure | null,
  ports: readonly StandardPort[] = [26],
): HostPlan {
  const rules: Rules =
    failure === 'bad greeting'
      ? { greeting: '554 NOT HERE\r\n' }
      : failure === 'reset' || failure === 'close'
        ? { greeting: failure }
        : failure === 'no TLS'
          ? { tls: 'later' }
          : {};
  return {
    label,
    addresses: failure === 'no address' ? [] : [addressOf(number)],
    doors: failure === 'closed port' || failure === 'no address' ? [] : ports.map((port) => ({ port, rules })),
  };
}
