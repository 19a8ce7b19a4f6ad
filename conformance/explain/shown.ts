/** Octets as a person reads them. What comes out has no control characters where it was made of text. */

/** Keys, signatures and fingerprints are shown whole. */
const mostHexOctets = 64;
const mostTextCharacters = 400;

/** Hexadecimal; long data is cut. */
export function hex(octets: Uint8Array): string {
  const shown = Buffer.from(octets.subarray(0, mostHexOctets)).toString('hex');
  return octets.length <= mostHexOctets ? shown : `${shown}... (${octets.length} octets)`;
}

export function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64').replace(/=+$/, '');
}

/** As quoted text when it is UTF-8, else in hexadecimal. */
export function text(octets: Uint8Array): string {
  const decoded = utf8(octets);
  return decoded === null ? `not UTF-8: ${hex(octets)}` : quoted(decoded);
}

/** A JSON string, in which line ends and quotes are escaped; long text is cut. */
export function quoted(value: string): string {
  const cut = value.slice(0, mostTextCharacters);
  return cut.length === value.length ? JSON.stringify(value) : `${JSON.stringify(cut)}... (${value.length} characters)`;
}

export function utf8(octets: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return null;
  }
}

/** What is not shown unless it is asked for. */
export function secret(octets: Uint8Array, secrets: boolean | undefined): string {
  return secrets === true ? Buffer.from(octets).toString('hex') : `${octets.length} octets, hidden`;
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
