/** Names and values on standard output: aligned for people, or as JSON. */
import { visible } from '../../reports/visible.js';

export type Fact = string | number | boolean | null | readonly string[];

/** One name and value a line, a list one value a line; or all as one line of JSON. */
export function printFacts(facts: Readonly<Record<string, Fact>>, { json }: { readonly json: true | undefined }): void {
  if (json === true) {
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, fact] of Object.entries(facts)) {
    for (const value of Array.isArray(fact) ? fact : [fact]) {
      if (value !== null) process.stdout.write(`${name.padEnd(width)}  ${visible(String(value))}\n`);
    }
  }
}
