/** What profile prime checks as soon as an object is read: required fields, keys, the self-signature. (Section 11.6) */
import { publicKeyOctets } from './ed25519.js';
import { fieldTable, headerOctets } from './field-table.js';
import { isCompressedPoint, pointOctets } from './secp256k1.js';
import { selfSignatureId, verifyField } from './signatures.js';
import { SignetError, type SignetFault } from './signet-error.js';
import type { Signet } from './signet-object.js';

const lastRequired = { organization: 4, user: 6, 'signing-request': 5 } as const;

/** @throws SignetError */
export function checkOnLoading(signet: Signet): void {
  const { profile, type, fields, octets } = signet;
  const fail = (code: SignetFault['code'], requirement: string, offset: number, what: string, section: string) =>
    new SignetError({ code, requirement, offset, what, section });
  // Alternate keys (user field 3) are not looked at, and higher forms not asked for: PRIME knows neither.
  for (const { id, content } of fieldTable(profile, type).required.filter((one) => one.id <= lastRequired[type])) {
    const field = fields.first(id);
    if (field === undefined) {
      throw fail('missing-field', 'SIG-050', octets.length, `field ${id} is missing in a ${type}`, '11.4');
    }
    if (content === 'signing-key' && field.data.length !== publicKeyOctets) {
      const what = `the signing key has ${field.data.length} octets instead of ${publicKeyOctets}`;
      throw fail('bad-key', 'SIG-030', field.offset, what, '11.6');
    }
    if (content === 'encryption-key' && !isCompressedPoint(field.data)) {
      const what = `the encryption key is no compressed secp256k1 point of ${pointOctets} octets`;
      throw fail('bad-key', 'SIG-036', field.offset, what, '11.6');
    }
  }
  const key = fields.first(1)?.data ?? octets.subarray(headerOctets, headerOctets);
  const id = selfSignatureId(type);
  if (!verifyField(signet, id, key)) {
    throw fail(
      'bad-signature',
      'SIG-089',
      fields.first(id)?.offset ?? 0,
      `the self-signature in field ${id} does not hold`,
      '11.5',
    );
  }
}
