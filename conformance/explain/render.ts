/** An explanation as aligned text for people, and as JSON for programs. */
import { colourStyle, plainStyle, table, wrap } from '../../reports/console-layout.js';
import { visible } from '../../reports/visible.js';
import type { Explanation, Finding, Row } from './explanation.js';

/** Two numbers, a name, a value; then the findings. Every text of a peer is escaped. */
export function renderExplanation(explanation: Explanation, terminal: { colour: boolean; width: number }): string {
  const { title, profile, octets, rows, rowsLeftOut, findings, valid } = explanation;
  const style = terminal.colour ? colourStyle : plainStyle;
  const verdictOf = { holds: style.pass('holds'), fails: style.fail('fails'), unchecked: style.skip('unchecked') };
  const numbers = (place: number | null): string => (place === null ? '' : String(place));
  const padded = (place: number | null, width: number): string => style.dim(numbers(place).padStart(width));
  const offsetWidth = Math.max(6, ...rows.map(({ offset }) => numbers(offset).length));
  const octetsWidth = Math.max(6, ...rows.map((row) => numbers(row.octets).length));
  const cells = rows.map(({ offset, octets: size, name, value, signature }: Row) => [
    padded(offset, offsetWidth),
    padded(size, octetsWidth),
    visible(name),
    `${signature === undefined ? '' : `${verdictOf[signature]} `}${visible(value)}`,
  ]);
  const head = [
    style.dim('offset'.padStart(offsetWidth)),
    style.dim('octets'.padStart(octetsWidth)),
    style.dim('name'),
    style.dim('value'),
  ];
  const of = profile === null ? '' : `, profile ${profile}`;
  const lines = [style.bold(visible(`${title}${of}, ${octets} octets`))];
  if (cells.length > 0) lines.push('', ...table([head, ...cells]).map((line) => line.trimEnd()));
  if (rowsLeftOut > 0) lines.push(`(${rowsLeftOut} more rows)`);
  const told = (finding: Finding): string[] => {
    const place = finding.offset === null ? '' : `offset ${finding.offset}: `;
    const [first = '', ...more] = wrap(visible(`${place}${finding.text}`), terminal.width, '           ');
    const name = (finding.requirement ?? finding.severity).padEnd(9);
    return [`${finding.severity === 'wrong' ? style.fail(name) : style.dim(name)}  ${first.trimStart()}`, ...more];
  };
  if (findings.length > 0) lines.push('', ...[...findings].sort(wrongFirst).flatMap(told));
  const unchecked = rows.some(({ signature }) => signature === 'unchecked');
  const good = unchecked ? 'nothing is wrong with what was checked' : 'nothing is wrong with it';
  lines.push('', valid ? style.pass(good) : style.fail('something is wrong with it'));
  return `${lines.join('\n')}\n`;
}

/** One line. */
export function explanationJson(explanation: Explanation): string {
  return `${JSON.stringify(explanation)}\n`;
}

function wrongFirst(a: Finding, b: Finding): number {
  return Number(b.severity === 'wrong') - Number(a.severity === 'wrong');
}
