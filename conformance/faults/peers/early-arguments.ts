/** How the authors' early server reads arguments (section 5.4 of the DMTP digest), defects included. */

/** What stands behind a command's name, read from left to right. */
export class Arguments {
  constructor(private rest: string) {}

  /** Behind MAIL FROM and RCPT TO one octet is skipped unseen, normally the colon. */
  skipOne(): void {
    this.rest = this.rest.slice(1);
  }

  /** `<`, at least one octet, up to the first `>`; null when that is not what stands there. */
  angled(): string | null {
    return this.#enclosed(/^[ \t]*<([^>]+)>/);
  }

  /** The same with `[` and `]`. */
  squared(): string | null {
    return this.#enclosed(/^[ \t]*\[([^\]]+)\]/);
  }

  /** What is left, without blanks before it. */
  get tail(): string {
    return this.rest.replace(/^[ \t]+/, '');
  }

  #enclosed(form: RegExp): string | null {
    const match = form.exec(this.rest);
    if (match === null) return null;
    this.rest = this.rest.slice(match[0].length);
    return match[1] ?? '';
  }
}

/** Letters, digits, dot and hyphen; no other rule. */
export const isDomain = (text: string): boolean => /^[A-Za-z0-9.-]+$/.test(text);

/** One `@`, a dotted local part of atom characters, and a domain, which may be empty (OQ-120). */
export const isAddress = (text: string): boolean =>
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]*$/.test(text);

export const isName = (text: string): boolean => (text.includes('@') ? isAddress(text) : isDomain(text));

const longestSize = 2n ** 64n - 1n;

/**
 * The parameters of MAIL: one to three words with exactly one space between them (OQ-109).
 *
 * @returns the SIZE, of which the last counts, or the reply that refuses them
 */
export function readMailParameters(text: string, sizeLimit: number): number | string {
  const words = text.split(' ');
  if (text === '' || words.length > 3) return invalid;
  let size: bigint | null = null;
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals === -1) return invalid;
    const value = word.slice(equals + 1).toUpperCase();
    switch (word.slice(0, equals).toUpperCase()) {
      case 'SIZE':
        if (!/^\d+$/.test(value) || BigInt(value) > longestSize) return invalid;
        size = BigInt(value);
        if (size > sizeLimit) return overLimit(sizeLimit);
        break;
      case 'RETURN':
        if (!['FULL', 'DISPLAY', 'HEADER'].includes(value)) return invalid;
        break;
      case 'DATA':
        // The test for 7BIT looks at the value of RETURN, so that it never holds (OQ-99).
        if (value !== '8BIT') return invalid;
        break;
      default:
        return '501 UNSUPPORTED MAIL FROM PARAMETER.';
    }
  }
  return size === null ? invalid : Number(size);
}

const invalid = '501 INVALID MAIL FROM PARAMETER.';
const overLimit = (limit: number): string =>
  `552 OUTBOUND SIZE LIMIT EXCEEDED - THIS ACCOUNT MAY ONLY SEND MESSAGES UP TO ${limit} BYTES IN LENGTH`;
