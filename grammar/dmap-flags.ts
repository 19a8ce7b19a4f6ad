/** Flags of DMAP (section 2.13 of the DMAP digest). */

export const systemFlags = [
  '\\Seen',
  '\\Answered',
  '\\Forwarded',
  '\\Flagged',
  '\\Deleted',
  '\\Draft',
  '\\SubmitPending',
  '\\Submitted',
] as const;

const spellings = new Map<string, string>(systemFlags.map((flag) => [flag.toLowerCase(), flag]));

/** System flags as section 2.13 spells them; all others as they are. */
export function spelledFlag(flag: string): string {
  return flag.startsWith('\\') ? (spellings.get(flag.toLowerCase()) ?? flag) : flag;
}
