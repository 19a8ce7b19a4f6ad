/** Seeded faults of a parser of management records. */
import type { Fault } from './fault.js';
import { fieldFaults } from './record-field-faults.js';
import { valueFaults } from './record-value-faults.js';

export const faults: readonly Fault[] = [...fieldFaults, ...valueFaults];
