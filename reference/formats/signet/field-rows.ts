/** The fields of every object, as the tables of section 3 of the signets digest give them. */

export type SignetType = 'organization' | 'user' | 'signing-request';
export type KeyObjectType = 'organization-keys' | 'user-keys';
export type ObjectType = SignetType | KeyObjectType;

/** What the data of a field is. */
export type FieldContent =
  | 'signing-key'
  | 'secondary-key'
  | 'encryption-key'
  | 'signature'
  | 'text'
  | 'image'
  | 'undefined'
  | 'unnamed'
  | 'signing-private'
  | 'encryption-private';

export interface FieldRow {
  /** The row is for the ids from `first` to `last`. */
  readonly first: number;
  readonly last: number;
  /** Null for ids that have a length but no name. */
  readonly name: string | null;
  readonly content: FieldContent;
  /** Needed for the highest form of the object. */
  readonly required: boolean;
  /** At most once in an object. */
  readonly unique: boolean;
  /** Octets that give the size of the data; 0 for signatures, which have 64. `encryption`: as the profile says. */
  readonly lengthOctets: 0 | 1 | 2 | 3 | 'encryption';
}

/** Octets of an Ed25519 signature, the only content without a length. */
export const signatureOctets = 64;

type Options = Partial<Pick<FieldRow, 'required' | 'unique' | 'last'>>;
const row = (
  first: number,
  name: string | null,
  content: FieldContent,
  lengthOctets: FieldRow['lengthOctets'],
  options: Options = {},
): FieldRow => ({ first, last: first, name, content, lengthOctets, required: false, unique: true, ...options });

const required = { required: true };
const repeatable = { unique: false };
const text = (id: number, name: string, lengthOctets: 1 | 2, options?: Options): FieldRow =>
  row(id, name, 'text', lengthOctets, options);
const signature = (id: number, name: string, options: Options = required): FieldRow =>
  row(id, name, 'signature', 0, options);
const unnamed = (first: number, last: number, lengthOctets: 1 | 2): FieldRow =>
  row(first, null, 'unnamed', lengthOctets, { last });

/** Fields 16 to 27 of both kinds of signet. */
const contactRows: readonly FieldRow[] = [
  text(16, 'Name', 1),
  text(17, 'Address', 1),
  text(18, 'Province', 1),
  text(19, 'Country', 1),
  text(20, 'Postal-Code', 1),
  text(21, 'Phone-Number', 1, repeatable),
  text(22, 'Language', 1),
  text(23, 'Currency', 1),
  text(24, 'Cryptocurrency', 1),
  text(25, 'Motto', 1),
  text(26, 'Extensions', 1),
  text(27, 'Message-Size-Limit', 1),
];

/** Fields 251 to 255 of both kinds of signet. */
const lastRows: readonly FieldRow[] = [
  row(251, 'Undefined-Field', 'undefined', 2, repeatable),
  row(252, 'Photo', 'image', 3),
  signature(253, 'Organizational-Signature (full)'),
  text(254, 'Signet-Identifier', 1, required),
  signature(255, 'Organizational-Signature (identifiable)'),
];

/** Ids without a row are not allowed in the object. */
export const fieldRows: Readonly<Record<ObjectType, readonly FieldRow[]>> = {
  // Section 3.1.
  organization: [
    row(1, 'Primary-Organizational-Key', 'signing-key', 1, required),
    row(2, 'Secondary-Organizational-Key', 'secondary-key', 1, repeatable),
    row(3, 'Encryption-Key', 'encryption-key', 'encryption', required),
    signature(4, 'Organizational-Signature (cryptographic)'),
    ...contactRows,
    unnamed(28, 159, 1),
    text(160, 'Website', 2),
    unnamed(161, 199, 2),
    text(200, 'Contact-Abuse', 2),
    text(201, 'Contact-Admin', 2),
    text(202, 'Contact-Support', 2),
    text(203, 'Web-Access-Host', 2),
    text(204, 'Web-Access-Location', 2),
    text(205, 'Web-Access-Certificate', 2),
    text(206, 'Mail-Access-Host', 2),
    text(207, 'Mail-Access-Certificate', 2),
    text(208, 'Onion-Access-Host', 2),
    text(209, 'Onion-Access-Certificate', 2),
    text(210, 'Onion-Delivery-Host', 2),
    text(211, 'Onion-Delivery-Certificate', 2),
    unnamed(212, 250, 2),
    ...lastRows,
  ],
  // Section 3.2.
  user: [
    row(1, 'Signing-Key', 'signing-key', 1, required),
    row(2, 'Encryption-Key', 'encryption-key', 'encryption', required),
    row(3, 'Alternate-Encryption-Key', 'encryption-key', 'encryption', repeatable),
    signature(4, 'Custody', {}),
    signature(5, 'User-Signature'),
    signature(6, 'Organizational-Signature (cryptographic)'),
    ...contactRows,
    unnamed(28, 92, 1),
    text(93, 'Supported-Codecs', 1),
    text(94, 'Title', 1),
    text(95, 'Employer', 1),
    text(96, 'Gender', 1),
    text(97, 'Alma-Mater', 1),
    text(98, 'Supervisor', 1),
    text(99, 'Political-Party', 1),
    unnamed(100, 159, 1),
    text(160, 'Website', 2),
    unnamed(161, 199, 2),
    text(200, 'Alternate-Address', 2),
    text(201, 'Resume', 2),
    text(202, 'Endorsements', 2, repeatable),
    unnamed(203, 250, 2),
    ...lastRows,
  ],
  // Section 3.3. One length octet in field 3 in every dialect: OQ-21.
  'signing-request': [
    row(1, 'User-Signing-Key', 'signing-key', 1, required),
    row(2, 'User-Encryption-Key', 'encryption-key', 'encryption', required),
    row(3, 'Alternate-Encryption-Key', 'encryption-key', 1, repeatable),
    signature(4, 'Chain-Of-Custody-Signature', {}),
    signature(5, 'User-Ssr-Signature'),
  ],
  // Section 3.4. Field 2 of the organization's keys is reserved for a secondary key; nobody writes or reads it.
  'organization-keys': [
    row(1, 'Private-Primary-Organizational-Key', 'signing-private', 1, required),
    row(3, 'Private-Encryption-Key', 'encryption-private', 'encryption', required),
  ],
  'user-keys': [
    row(1, 'Private-Signing-Key', 'signing-private', 1, required),
    row(2, 'Private-Encryption-Key', 'encryption-private', 'encryption', required),
  ],
};
