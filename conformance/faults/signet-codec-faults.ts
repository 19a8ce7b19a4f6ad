/** Seeded faults of the class `signet-codec`. */
import type { Fault } from './fault.js';
import { keysAndArmorFaults } from './keys-and-armor-faults.js';
import { readingFaults } from './signet-reading-faults.js';
import { validationAndPrimeFaults } from './signet-validation-faults.js';
import { writingFaults } from './signet-writing-faults.js';

export const faults: readonly Fault[] = [
  ...readingFaults,
  ...validationAndPrimeFaults,
  ...writingFaults,
  ...keysAndArmorFaults,
];
