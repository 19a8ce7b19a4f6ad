/** Seeded faults of a STACIE server. */
import type { Fault } from './fault.js';
import { faults as accountFaults } from './stacie-server-account-faults.js';
import { faults as answerFaults } from './stacie-server-answer-faults.js';
import { faults as attemptFaults } from './stacie-server-attempt-faults.js';
import { faults as transportFaults } from './stacie-server-transport-faults.js';

export const faults: readonly Fault[] = [...answerFaults, ...attemptFaults, ...accountFaults, ...transportFaults];
