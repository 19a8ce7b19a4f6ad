/**
 * Which requirement a refused line of the named dialect breaks (sections 5.1 and 11 of the DMTP digest, DMTP-035 to
 * DMTP-044). The grammar has refused the line; here it is only looked at, left to right, for the first rule broken.
 */

/** Arguments of each command in the order of the table of section 5, with how the value is written. */
const table: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = (() => {
  const angle = /^<[^>]*>/;
  const square = /^\[[^\]]*\]/;
  const word = /^[^ \t]*/;
  const none = {};
  const host = { HOST: angle };
  const name = { USER: angle, DOMAIN: angle, FINGERPRINT: square };
  return {
    STARTTLS: { ...host, MODE: word },
    HELO: host,
    EHLO: host,
    MAIL: { FROM: angle, FINGERPRINT: square },
    RCPT: { TO: angle, FINGERPRINT: square },
    SGNT: name,
    VRFY: name,
    HIST: { USER: angle, START: square, STOP: square },
    MODE: none,
    RSET: none,
    HELP: none,
    QUIT: none,
    DATA: none,
    NOOP: none,
  };
})();

/** NOOP may have so many nameless arguments, each written `=text` (OQ-87). */
const mostNoopWords = 3;

/**
 * The requirement that `line` (one character an octet) breaks; undefined when none of the catalogue says it: no line
 * end, an unknown command, MAIL without FROM.
 */
export function brokenRequirement(line: string): string | undefined {
  const lineFeed = line.indexOf('\n');
  if (lineFeed === -1) return undefined;
  if (lineFeed < line.length - 1) return 'DMTP-044';
  const content = line.slice(0, lineFeed).replace(/\r$/, '');
  const word = /^[A-Za-z]*/.exec(content)?.[0] ?? '';
  const verb = word.toUpperCase();
  if (!Object.hasOwn(table, verb)) return undefined;
  if (word !== verb) return 'DMTP-036';
  const rest = content.slice(word.length);
  if (verb === 'NOOP') return brokenByNoop(rest);
  const rules = Object.entries(table[verb] ?? {});
  const given: string[] = [];
  return brokenByArguments(rest, rules, given) ?? brokenByAbsence(verb, new Set(given));
}

/**
 * The requirement by which a command of the named dialect cannot be written, though its verb is known; undefined when
 * none of the catalogue says it.
 *
 * @param names of its arguments, in lower case
 */
export function unwritableRequirement(verb: string, names: readonly string[]): string | undefined {
  const rules = verb === 'NOOP' ? { TEXT: /^/ } : table[verb];
  if (rules === undefined) return undefined;
  const given = new Set(names.map((name) => name.toUpperCase()));
  if ([...given].some((name) => !Object.hasOwn(rules, name))) return 'DMTP-039';
  if ((verb === 'MAIL' && !given.has('FROM')) || (verb === 'RCPT' && !given.has('TO'))) return undefined;
  // All are there and none is surplus, so a value does not fit between its brackets.
  return brokenByAbsence(verb, given) ?? 'DMTP-035';
}

/** Reads arguments as far as they are right; their names are added to `given`. */
function brokenByArguments(text: string, rules: readonly [string, RegExp][], given: string[]): string | undefined {
  let rest = text;
  let next = 0;
  for (;;) {
    const blanks = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
    if (blanks === rest.length) return undefined;
    if (blanks === 0) return 'DMTP-035';
    rest = rest.slice(blanks);
    const name = /^[A-Za-z]*/.exec(rest)?.[0] ?? '';
    const at = rules.findIndex(([known]) => known === name);
    const rule = rules[at];
    if (rule === undefined) return rules.some(([known]) => known === name.toUpperCase()) ? 'DMTP-036' : 'DMTP-039';
    if (given.includes(name)) return 'DMTP-039';
    if (at < next) return 'DMTP-037';
    if (rest[name.length] !== '=') return 'DMTP-035';
    const value = rule[1].exec(rest.slice(name.length + 1));
    if (value === null) return 'DMTP-035';
    given.push(name);
    next = at + 1;
    rest = rest.slice(name.length + 1 + value[0].length);
  }
}

function brokenByAbsence(verb: string, given: ReadonlySet<string>): string | undefined {
  const byName = verb === 'SGNT' || verb === 'VRFY';
  if (byName && given.has('USER') === given.has('DOMAIN')) return 'DMTP-040';
  if (['MAIL', 'RCPT', 'VRFY'].includes(verb) && !given.has('FINGERPRINT')) return 'DMTP-041';
  if (verb === 'HIST' && !given.has('USER')) return 'DMTP-042';
  if (['STARTTLS', 'HELO', 'EHLO'].includes(verb) && !given.has('HOST')) return 'DMTP-043';
  return undefined;
}

function brokenByNoop(rest: string): string | undefined {
  const words = rest.split(/[ \t]+/).filter((word) => word !== '');
  if (words.some((word) => !word.startsWith('='))) return 'DMTP-035';
  return words.length > mostNoopWords ? 'DMTP-039' : undefined;
}
