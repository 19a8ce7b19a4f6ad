/** Every seeded fault of the suite, in the order of the cases. */
import { faults as argumentsFaults } from './arguments-faults.js';
import { faults as commandsFaults } from './commands-faults.js';
import { faults as codecFaults } from './dmtp-codec-faults.js';
import type { Fault } from './fault.js';
import { faults as linesFaults } from './lines-faults.js';
import { faults as messageFaults } from './message-faults.js';
import { faults as recordFaults } from './record-faults.js';
import { faults as publisherFaults } from './record-publisher-faults.js';
import { faults as repliesFaults } from './replies-faults.js';
import { faults as robustnessFaults } from './robustness-faults.js';
import { faults as sequenceFaults } from './sequence-faults.js';
import { faults as transportFaults } from './transport-faults.js';

export const allFaults: readonly Fault[] = [
  ...recordFaults,
  ...publisherFaults,
  ...codecFaults,
  ...repliesFaults,
  ...linesFaults,
  ...commandsFaults,
  ...sequenceFaults,
  ...argumentsFaults,
  ...messageFaults,
  ...transportFaults,
  ...robustnessFaults,
];
