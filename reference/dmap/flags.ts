/** Flags as commands name them (sections 2.13 and 5.8 of the DMAP digest). */
import { systemFlags } from '../../grammar/dmap-flags.js';
import type { MailboxStatus } from '../account/mail-store.js';

const known: ReadonlySet<string> = new Set(systemFlags);

/** The first flag with a backslash that is none of the eight, `\Recent` for example (DMAP-I-38, DMAP-I-79). */
export function unknownSystemFlag(flags: readonly string[]): string | null {
  return flags.find((flag) => flag.startsWith('\\') && !known.has(flag)) ?? null;
}

/** Keywords that the mailbox neither knows nor takes any more are left out: they are not permanent (DMAP-401). */
export function storableFlags(flags: readonly string[], { keywords, takesKeywords }: MailboxStatus): readonly string[] {
  if (takesKeywords) return flags;
  const kept = new Set(keywords.map((keyword) => keyword.toLowerCase()));
  return flags.filter((flag) => known.has(flag) || kept.has(flag.toLowerCase()));
}
