/** Every fault of the class dmap-sync. */
import { faults as newsFaults } from './dmap-news-faults.js';
import { faults as numberFaults } from './dmap-number-faults.js';
import { faults as uidFaults } from './dmap-uid-faults.js';
import type { Fault } from './fault.js';

export const faults: readonly Fault[] = [...uidFaults, ...numberFaults, ...newsFaults];
