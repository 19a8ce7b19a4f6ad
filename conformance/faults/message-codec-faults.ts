/** Seeded faults of an implementation of messages. */
import type { Fault } from './fault.js';
import { faults as readingFaults } from './message-codec-reading-faults.js';
import { faults as writingFaults } from './message-codec-writing-faults.js';

export const faults: readonly Fault[] = [...readingFaults, ...writingFaults];
