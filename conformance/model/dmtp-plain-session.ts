/**
 * What a right DMTP server answers on a plain port before STARTTLS: the first column of the table of section 12.3 of the
 * digest, with the codes of 12.4. Written from the digest, without the server's code.
 */

export const plainCommands = [
  'mode',
  'unknown',
  'greeting',
  'mail',
  'mail refused',
  'signet',
  'noop',
  'starttls malformed',
  /** For a host without certificate: after it there is no way to SMTP. */
  'starttls elsewhere',
  /** A line for SMTP, where no SMTP service may take it. */
  'smtp',
] as const;

export type PlainCommand = (typeof plainCommands)[number];

export interface PlainExpectation {
  /** The requirement that another answer breaks. */
  readonly requirement: string;
  readonly codes: readonly number[];
}

/** Every requirement that an expectation of this model rests on. */
export const plainRequirements = ['DMTP-020', 'DMTP-021', 'DMTP-075', 'DMTP-077', 'DMTP-080', 'DMTP-081'] as const;

/** What `command` gets, whatever came before. */
export function expectPlainAnswer(
  command: PlainCommand,
  { numberedCodes }: { readonly numberedCodes: boolean },
): PlainExpectation {
  switch (command) {
    case 'mode':
      return { requirement: 'DMTP-020', codes: numberedCodes ? [250, 200] : [200] };
    case 'unknown':
      return { requirement: 'DMTP-021', codes: [500] };
    case 'greeting':
    case 'mail':
    case 'mail refused':
    case 'signet':
    case 'noop':
      // That TLS is missing comes before what is wrong with the arguments (12.1, rule 4).
      return { requirement: 'DMTP-075', codes: [503] };
    case 'starttls malformed':
      return { requirement: 'DMTP-081', codes: [501] };
    case 'starttls elsewhere':
      return { requirement: 'DMTP-080', codes: [554] };
    case 'smtp':
      return { requirement: 'DMTP-077', codes: [554] };
  }
}
