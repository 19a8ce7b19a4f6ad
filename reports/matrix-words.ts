/** What both renderings of a matrix say in the same words. */
import { countWords, decisionSigns, held, scoreParts } from './evidence.js';
import type { Agreement, MatrixCell, MatrixColumn, MatrixRow, Unlike } from './matrix.js';
import type { ClassScore } from './report.js';

export const agreementWords: Readonly<Record<Agreement, string>> = {
  differs: 'The implementations differ',
  broken: 'Broken by all that were judged',
  'in-part': 'Held by all that were judged; not all were',
  holds: 'Held by all',
  open: 'Judged nowhere',
};

export const unlikeWords: Readonly<Record<Unlike['what'], string>> = {
  suite: 'version of the suite',
  grammars: 'grammars',
  seed: 'seed, and so the inputs',
  runs: 'runs of a property',
  selection: 'what was selected',
  requirements: 'rows of the catalogue',
};

/** "✗ fail", or why there is no verdict. */
export function cellWords(cell: MatrixCell | null): string {
  if (cell === null) return 'no such row';
  return cell.decision === null ? '· no verdict' : `${decisionSigns[cell.decision]} ${cell.decision}`;
}

/** "2 of 3; by interpretation 1 of 1"; the state of the class where it was not judged. */
export function scoreWords(score: ClassScore | null): string {
  if (score === null) return 'no such class';
  if (score.state !== 'judged') return score.state.replace('-', ' ');
  const { core, apart } = scoreParts(score);
  const [must, should, may] = core.map((counts) => {
    const { held: good, of } = held(counts);
    return `${good} of ${of}`;
  });
  const words = `MUST ${must}; SHOULD ${should}; MAY ${may}`;
  if (apart === null) return words;
  const { held: good, of } = held(apart);
  return `${words}; by interpretation ${good} of ${of}`;
}

/** "reading numbered-codes; by interpretation: ..."; null for a row that rests on the text alone. */
export function standingWords({
  status,
  scored,
  reading,
  interpretation,
  questions,
  changed,
}: MatrixRow): string | null {
  const words = [
    ...(reading === null ? [] : [`under the reading ${reading}`]),
    ...(scored === 'interpretation' || status === 'interpretation' ? ['rests on an interpretation'] : []),
    ...(interpretation === null ? [] : [`read as: ${interpretation}`]),
    ...(questions.length === 0 ? [] : [`open: ${questions.join(', ')}`]),
    ...(changed ? ['the reports have different words for it'] : []),
  ];
  return words.length === 0 ? null : words.join('; ');
}

/** "1: example server". */
export const columnWords = ({ number, name }: MatrixColumn): string => `${number}: ${name}`;

/** What a column's verdict rests on. */
export const columnFacts = ({ suite, run, requirements, claims }: MatrixColumn): string =>
  `${countWords(requirements)}; classes ${claims.length === 0 ? 'none' : claims.join(', ')}; ${suite.name} ${suite.version}, seed ${run.seed}, ${run.runs} runs, begun ${run.startedAt}`;

/** "0.1.0: 1, 3". */
export const valueWords = ({ value, columns }: Unlike['values'][number]): string =>
  `column ${columns.join(', ')}: ${value}`;
