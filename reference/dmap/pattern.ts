/** Patterns of LIST and LISTSIGNETS: `*` stands for any run, `%` for a run without the separator (DMAP-248, DMAP-249). */

/** More comparisons than one command may cost were needed. */
export class PatternTooCostly extends Error {
  override readonly name = 'PatternTooCostly';
}

/** Comparisons that one command may cost: about a tenth of a second. */
const mostSteps = 4_000_000;

/**
 * Makes a matcher. All places in the pattern that a name can have got to are gone through at once, so a name costs at
 * most its length times that of the pattern, whatever wildcards there are.
 *
 * @param separator what `%` does not stand for, one character
 * @param fold compares without regard to ASCII case
 * @returns throws PatternTooCostly when all names together have cost too much
 */
export function createMatcher(pattern: string, separator: string, fold = false): (name: string) => boolean {
  const parts = joinedWildcards(fold ? foldAscii(pattern) : pattern);
  if (!/[*%]/.test(parts)) return (name) => (fold ? foldAscii(name) : name) === parts;
  let steps = 0;
  return (text) => {
    const name = fold ? foldAscii(text) : text;
    let places = withSkipped(parts, [0]);
    for (const character of name) {
      steps += places.length;
      if (steps > mostSteps) throw new PatternTooCostly('the pattern costs too much');
      const next: number[] = [];
      for (const place of places) {
        const part = parts[place];
        if (part === '*' || (part === '%' && character !== separator)) push(next, place);
        else if (part !== '%' && part !== undefined && parts.startsWith(character, place)) {
          push(next, place + character.length);
        }
      }
      if (next.length === 0) return false;
      places = withSkipped(parts, next);
    }
    return places.at(-1) === parts.length;
  };
}

/** A wildcard can stand for nothing: the place after it is reached as well. Places ascend, each is there once. */
function withSkipped(parts: string, places: readonly number[]): number[] {
  const all: number[] = [];
  for (const place of places) {
    push(all, place);
    if (parts[place] === '*' || parts[place] === '%') push(all, place + 1);
  }
  return all;
}

function push(places: number[], place: number): void {
  if ((places.at(-1) ?? -1) < place) places.push(place);
}

/** Neighbouring wildcards say no more than one of them, so no two stand together. */
function joinedWildcards(pattern: string): string {
  return pattern.replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%'));
}

/** ASCII letters in lower case. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
