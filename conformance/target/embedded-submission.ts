/** Who may submit mail to whom at the embedded server. */
import { readFileSync } from 'node:fs';
import { decodeArmor } from '../../reference/formats/armor.js';
import { parseKeys } from '../../reference/formats/signet/index.js';
import type { DmapSubmission, MailParty } from './profile.js';

/** What the server says of itself; `keys` are files, oldest first for each name. */
interface Served {
  readonly domain: string;
  readonly accounts: readonly string[];
  readonly signets: readonly { readonly name: string; readonly keys: string }[];
}

/** @param party the present signet of a name */
export function submissionOf(
  { domain, accounts, signets }: Served,
  party: (name: string) => MailParty,
): DmapSubmission | undefined {
  const [author, recipient] = accounts;
  if (author === undefined || recipient === undefined) return undefined;
  const [present, ...earlier] = signets
    .filter(({ name }) => name === author)
    .map(
      ({ keys }) =>
        () =>
          parseKeys('dime-2015', decodeArmor(readFileSync(keys, 'utf8')).data).signingPrivate,
    )
    .reverse();
  if (present === undefined) return undefined;
  return {
    author: { ...party(author), signingSeed: present },
    earlierSeeds: earlier,
    origin: party(domain),
    recipient: party(recipient),
    options: {
      honoured: [`FROM "${author}"`, 'DSN (NEVER)'],
      denied: [`FROM "${recipient}"`, 'DSN (FAILURE DELAY)'],
      misused: ['FROM', `FROM ("${author}")`, 'FROM "nobody" "else"', 'DSN', 'DSN (SOMETIMES)', 'DSN "NEVER"'],
    },
  };
}
