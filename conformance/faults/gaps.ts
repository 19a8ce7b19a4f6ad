/** What the catalogue demands of cases and faults: every decidable requirement of an available class has both. */
import type { Case } from '../cases/case.js';
import type { Catalogue } from '../requirements/load.js';
import type { Fault } from './fault.js';

/** Ids of the requirements that a case of this version has to decide. */
export function decidableRequirements({ classes, requirements }: Catalogue): string[] {
  const available = new Set(classes.filter(({ state }) => state === 'available').map(({ id }) => id));
  return [...requirements.values()]
    .filter((row) => available.has(row.class) && 'by' in row.decided)
    .map(({ id }) => id);
}

/** One sentence for each requirement that lacks something. */
export function gaps(required: readonly string[], cases: readonly Case[], faults: readonly Fault[]): string[] {
  return required.flatMap((id) => [
    ...(cases.some(({ decides }) => decides.includes(id)) ? [] : [`${id}: no case decides it`]),
    ...(faults.some(({ breaks }) => breaks === id) ? [] : [`${id}: no seeded fault breaks it`]),
  ]);
}
