/** The names of sections 3.1 and 3.2 of the signets digest: which informational ids there are, and how often. */

export interface DetailRow {
  readonly id: number;
  readonly name: string;
  /** May be there more than once. */
  readonly repeats?: true;
}

const shared: readonly DetailRow[] = [
  { id: 16, name: 'Name' },
  { id: 17, name: 'Address' },
  { id: 18, name: 'Province' },
  { id: 19, name: 'Country' },
  { id: 20, name: 'Postal-Code' },
  { id: 21, name: 'Phone-Number', repeats: true },
  { id: 22, name: 'Language' },
  { id: 23, name: 'Currency' },
  { id: 24, name: 'Cryptocurrency' },
  { id: 25, name: 'Motto' },
  { id: 26, name: 'Extensions' },
  { id: 27, name: 'Message-Size-Limit' },
  { id: 160, name: 'Website' },
  { id: 252, name: 'Photo' },
];

/** Fields 16 to 252 with a name; 251, whose name is its own, is not among them. */
export const details: Readonly<Record<'organization' | 'user', readonly DetailRow[]>> = {
  organization: [
    ...shared,
    { id: 200, name: 'Contact-Abuse' },
    { id: 201, name: 'Contact-Admin' },
    { id: 202, name: 'Contact-Support' },
    { id: 203, name: 'Web-Access-Host' },
    { id: 204, name: 'Web-Access-Location' },
    { id: 205, name: 'Web-Access-Certificate' },
    { id: 206, name: 'Mail-Access-Host' },
    { id: 207, name: 'Mail-Access-Certificate' },
    { id: 208, name: 'Onion-Access-Host' },
    { id: 209, name: 'Onion-Access-Certificate' },
    { id: 210, name: 'Onion-Delivery-Host' },
    { id: 211, name: 'Onion-Delivery-Certificate' },
  ].sort(byId),
  user: [
    ...shared,
    { id: 93, name: 'Supported-Codecs' },
    { id: 94, name: 'Title' },
    { id: 95, name: 'Employer' },
    { id: 96, name: 'Gender' },
    { id: 97, name: 'Alma-Mater' },
    { id: 98, name: 'Supervisor' },
    { id: 99, name: 'Political-Party' },
    { id: 200, name: 'Alternate-Address' },
    { id: 201, name: 'Resume' },
    { id: 202, name: 'Endorsements', repeats: true as const },
  ].sort(byId),
};

function byId(left: { readonly id: number }, right: { readonly id: number }): number {
  return left.id - right.id;
}

/** Ids that have a length and no name (OQ-42). */
export function unnamedIds(kind: 'organization' | 'user'): number[] {
  const named = new Set(details[kind].map(({ id }) => id));
  return Array.from({ length: 235 }, (_, index) => index + 16).filter((id) => !named.has(id));
}
