import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CatalogueError, defectFiles, loadCatalogue, readCatalogue, readingFiles, requirementFiles } from './load.js';

const here = new URL('./', import.meta.url);
const names: readonly string[] = [...requirementFiles, ...defectFiles, ...readingFiles, 'classes.yaml'];
const folders: string[] = [];

/** Every file as JSON, as the build writes it: read in a tenth of the time, which counts where each test reads them all. */
const asJson = new Map(names.map((name) => [name, JSON.stringify(parse(readFileSync(new URL(name, here), 'utf8')))]));

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A copy of the catalogue with one passage changed; says what reading it fails with. */
function failureAfter(file: string, passage: string | RegExp, change: string): CatalogueError {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  folders.push(folder);
  for (const [name, text] of asJson) writeFileSync(join(folder, name), text);
  const text = readFileSync(new URL(file, here), 'utf8');
  const changed = text.replace(passage, change);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, file), changed);
  try {
    readCatalogue(pathToFileURL(`${folder}/`));
  } catch (error) {
    if (error instanceof CatalogueError) return error;
    throw error;
  }
  throw new Error('the changed catalogue was read without complaint');
}

test('the catalogue is read once and kept', () => {
  expect(loadCatalogue()).toBe(loadCatalogue());
});

test('a row comes with all that it says', () => {
  expect(loadCatalogue().requirements.get('REC-064')).toEqual({
    id: 'REC-064',
    level: 'MUST',
    role: 'client',
    class: 'dmtp-client',
    source: { document: 'management-record', section: '7.4, 10', origin: 'derived (OQ-1)' },
    text: 'A client tries every `tls` value with every primary key of the record.',
    status: 'interpretation',
    interpretation: expect.stringContaining('does not set a pointer back'),
    questions: ['OQ-1'],
    decided: { by: 'hostile-peer' },
  });
});

test.each([
  [
    'an unknown level',
    'dmtp.yaml',
    'level: MUST\n',
    'level: SHALL\n',
    'dmtp.yaml: DMTP-001: level must be one of MUST',
  ],
  [
    'an unknown member',
    'dmtp.yaml',
    'level: MUST\n',
    'level: MUST\n  owner: me\n',
    'DMTP-001: must not have the member "owner"',
  ],
  [
    'a text that is no sentence',
    'robustness.yaml',
    /A server goes on[^\n]*\n/,
    'octets\n',
    'robustness.yaml: ROB-001: text must',
  ],
  ['no text', 'robustness.yaml', / {2}text: >-\n[^\n]*\n/, '', "ROB-001: must have required property 'text'"],
  [
    'an interpretation that is not told',
    'robustness.yaml',
    / {2}interpretation: >-\n( {4}[^\n]*\n)+/,
    '',
    "ROB-001: must have required property 'interpretation'",
  ],
  [
    'two ways to be decided',
    'dmtp.yaml',
    'by: network\n',
    'by: network\n    not: It cannot be decided at all.\n',
    'DMTP-001: decided must NOT have more than 1 properties',
  ],
  [
    'an id that stands twice',
    'robustness.yaml',
    'id: ROB-002',
    'id: DMTP-002',
    'robustness.yaml: DMTP-002: the id stands twice',
  ],
  [
    'a class that is not there',
    'dmtp.yaml',
    'class: transport-security',
    'class: transport',
    'DMTP-001: names the class "transport", which is not there',
  ],
  [
    'a further class that is not there',
    'stacie.yaml',
    'also: [stacie-client]',
    'also: [stacie-peer]',
    'names the class "stacie-peer", which is not there',
  ],
  [
    'a further class that is the same one',
    'stacie.yaml',
    'also: [stacie-client]',
    'also: [stacie-server]',
    'STACIE-008: also names its class "stacie-server"',
  ],
  [
    'a section of a draft without a revision',
    'stacie.yaml',
    'section: "00 §1, 03 §1"',
    'section: "§1"',
    'STACIE-001: source.section must match pattern',
  ],
  [
    'a row scored apart that names no interpretation of the sources',
    'dmap-protocol.yaml',
    '  questions: [DMAP-I-69]\n',
    '',
    'DMAP-005: must have property questions when property scored is present',
  ],
  [
    'a reading that stands in both files',
    'dmap-readings.yaml',
    'id: dmap-mode',
    'id: helo',
    'dmap-readings.yaml: helo: the id stands twice',
  ],
  [
    'a weight of answers that is not known',
    'dmap-defects.yaml',
    'as: [not-scored]',
    'as: [hardly]',
    'DMAP-I-01: scoring.as.0 must be one of strict, interpretation, tolerant, not-scored',
  ],
  [
    'a defect that stands in both files',
    'defects.yaml',
    'id: STACIE-I-01',
    'id: OQ-1',
    'defects.yaml: OQ-1: the id stands twice',
  ],
  [
    'a defect that is not read in any way',
    'defects.yaml',
    / {2}interpretation: >-\n( {4}[^\n]*\n)+/,
    '',
    "STACIE-I-01: must have required property 'interpretation'",
  ],
  [
    'a reading that is not there',
    'dmtp.yaml',
    'reading: numbered-codes',
    'reading: named-codes',
    'DMTP-057: names the reading "named-codes", which is not there',
  ],
  [
    'a question that is not there',
    'dmtp.yaml',
    'questions: [OQ-59]',
    'questions: [OQ-999]',
    'DMTP-007: names the question "OQ-999", which is not there',
  ],
  [
    'a reading about a row that is not there',
    'readings.yaml',
    'requirements: [DMTP-045]',
    'requirements: [DMTP-999]',
    'readings.yaml: named-dialect: names the requirement "DMTP-999"',
  ],
  [
    'a class that stands twice',
    'classes.yaml',
    'id: resolver',
    'id: record',
    'classes.yaml: record: the id stands twice',
  ],
  [
    'a row without id',
    'questions.yaml',
    '- id: OQ-1\n  title',
    '- title',
    "questions.yaml: row 1: must have required property 'id'",
  ],
  [
    'a key that stands twice',
    'classes.yaml',
    'state: available',
    'state: available\n  state: planned',
    'classes.yaml: line 7: Map keys must be unique',
  ],
  ['a text that is no YAML', 'questions.yaml', 'value"\n', 'value\n', 'questions.yaml: line'],
  ['a file with something else', 'classes.yaml', /[\s\S]*/, 'classes: none\n', 'classes.yaml: must be array'],
])('%s is refused, with file and row', (_, file, passage, change, message) => {
  const error = failureAfter(file, passage, change);
  expect(error.message).toContain(message);
  expect(error.message).not.toContain('\n');
});

test('a folder without the files is refused with the name of the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  folders.push(folder);
  expect(() => readCatalogue(pathToFileURL(`${folder}/`))).toThrow(/^management-record\.yaml: cannot be read: /);
});
