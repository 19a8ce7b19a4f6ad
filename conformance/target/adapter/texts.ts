/**
 * Between the texts of the protocol (JSON strings) and those of the grammars and formats, which hold one character an
 * octet: on the wire a text is its UTF-8 octets.
 */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 octets of `text`, one character each. */
export function octetText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Inverse of octetText; null when the octets are no UTF-8. */
export function plainText(octets: string): string | null {
  try {
    return decoder.decode(Buffer.from(octets, 'latin1'));
  } catch {
    return null;
  }
}

/** The member `name` for a text, or `nameOctets` when its octets are no UTF-8. */
export function textMember(name: string, octets: string): Record<string, string> {
  const text = plainText(octets);
  return text === null ? { [`${name}Octets`]: Buffer.from(octets, 'latin1').toString('base64url') } : { [name]: text };
}

/** Reads members as textMember writes them: `nameOctets` becomes `name`; values that are no texts stay. */
export function octetMembers(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      if (!name.endsWith('Octets')) return [name, octetText(value)];
      return [name.slice(0, -'Octets'.length), Buffer.from(value, 'base64url').toString('latin1')];
    }),
  );
}
