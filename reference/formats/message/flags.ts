/** What the flags octet of a standard payload says. (Sections 4.4 and 12.4 of the messages digest) */
import type { ChunkDefinition, MessageProfile } from './chunk-table.js';
import { MessageError } from './message-error.js';

export const flagBits = { alternatePadding: 1, alternateEncryption: 2, compressed: 4, continued: 128 } as const;
export type Flag = keyof typeof flagBits;
export const flagNames = Object.keys(flagBits) as Flag[];

/** Names of the flags that are set, in ascending order; bits without a name are left out. */
export function flagsIn(octet: number): Flag[] {
  return flagNames.filter((name) => (octet & flagBits[name]) !== 0);
}

/** Flags that are acted on; data with any other named flag must not be shown as it is (MSG-031). */
const supported: Readonly<Record<MessageProfile, readonly Flag[]>> = {
  'dime-2015': ['alternatePadding', 'compressed', 'continued'],
  prime: ['continued'],
};

/**
 * Refuses what this chunk cannot have. Bits without a name are let pass: nobody gives them a sense (section 4.4).
 *
 * @throws MessageError `unsupported-flag`
 */
export function checkFlags(profile: MessageProfile, definition: ChunkDefinition, octet: number, offset: number): void {
  for (const flag of flagsIn(octet)) {
    const can = supported[profile].includes(flag);
    if (can && (flag !== 'continued' || definition.spanning) && (flag !== 'compressed' || definition.repeatable))
      continue;
    throw new MessageError({
      code: 'unsupported-flag',
      requirement: 'MSG-031',
      offset,
      what: `the ${definition.name} chunk has the flag ${flagBits[flag]} (${flag}), which is not supported ${can ? 'there' : `in ${profile}`}`,
      section: profile === 'prime' ? '12.4' : '4.4',
    });
  }
}
