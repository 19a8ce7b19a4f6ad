/** Seeded faults of the class `dmap-server`, those of the protocol itself. */
import { faults as connectionFaults } from './dmap-connection-faults.js';
import { faults as lineFaults } from './dmap-line-faults.js';
import { faults as loginFaults } from './dmap-login-faults.js';
import { faults as responseFaults } from './dmap-response-faults.js';
import { faults as stateFaults } from './dmap-state-faults.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [
  ...connectionFaults,
  ...responseFaults,
  ...lineFaults,
  ...stateFaults,
  ...loginFaults,
];
