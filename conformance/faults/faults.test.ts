import { describe, expect, it } from 'vitest';
import { allCases } from '../cases/index.js';
import { loadCatalogue } from '../requirements/load.js';
import { decidableRequirements, gaps } from './gaps.js';
import { allFaults } from './index.js';
import { controlIds, controlsOf } from './trial.js';

const catalogue = loadCatalogue();

describe('the seeded faults', () => {
  it('have ids of their own', () => {
    const ids = allFaults.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('break requirements of the catalogue', () => {
    expect(allFaults.filter(({ breaks }) => !catalogue.requirements.has(breaks)).map(({ id }) => id)).toEqual([]);
  });

  it('bend something', () => {
    const idle = allFaults.filter(
      ({ hooks, freshHooks, front, plainFront, dmapFront, operations }) =>
        !hooks && !freshHooks && !front && !plainFront && !dmapFront && !operations,
    );
    expect(idle.map(({ id }) => id)).toEqual([]);
  });

  it('are said in a few words, without a full stop', () => {
    expect(allFaults.filter(({ title }) => !/^(?:[a-z+-]|[A-Z]{2}).*[^.]$/.test(title)).map(({ id }) => id)).toEqual(
      [],
    );
  });

  it('are there, and cases too, for every requirement that this version can decide', () => {
    expect(gaps(decidableRequirements(catalogue), allCases, allFaults)).toEqual([]);
  });
});

describe('a gap', () => {
  it('is told for a requirement without a case and one without a fault', () => {
    expect(gaps(['DMTP-029', 'DMTP-999'], allCases, allFaults)).toEqual([
      'DMTP-999: no case decides it',
      'DMTP-999: no seeded fault breaks it',
    ]);
  });

  it('is not looked for in classes that are planned', () => {
    const planned = catalogue.classes.filter(({ state }) => state === 'planned').map(({ id }) => id);
    const classes = decidableRequirements(catalogue).map((id) => catalogue.requirements.get(id)?.class);
    expect(classes.length).toBeGreaterThan(50);
    expect(classes.filter((id) => id !== undefined && planned.includes(id))).toEqual([]);
  });
});

describe('the controls of a fault', () => {
  it('are cases of the part that a fault is in', () => {
    const classesOf = (ids: readonly string[]): string[] =>
      [...new Set(allCases.filter(({ id }) => ids.includes(id)).map((subject) => subject.class))].sort();
    expect(classesOf(controlIds.codec)).toEqual(['dmtp-codec', 'record']);
    expect(classesOf(controlIds.access)).toEqual(['dmap-server']);
    expect(classesOf(controlIds.server)).toEqual(['dmtp-server', 'record', 'robustness', 'transport-security']);
  });

  it('leave out the cases that decide what it breaks', () => {
    const control = (breaks: string): string[] => controlsOf({ id: 'x', breaks, title: 'x' }).map(({ id }) => id);
    expect(control('DMTP-029')).not.toContain('dmtp/noop/changes-nothing');
    expect(control('DMTP-021')).toContain('dmtp/noop/changes-nothing');
  });
});
