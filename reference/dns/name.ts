/** Domain names as keys: lower case, no trailing dot, the root is the empty text. (RFC 1035, RFC 4343) */

const longestLabel = 63;
/** Octets of a whole name on the wire, with the length octets and the root. */
export const longestName = 255;

/** The key of a name as a zone gives it, or null when it is none. No escapes: a label is visible ASCII without dot. */
export function nameKey(name: string): string | null {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name;
  // Only "." is the root: an empty text is more likely a slip.
  if (plain === '') return name === '.' ? '' : null;
  const fits = plain.split('.').every((label) => /^[!-[\]-~]+$/.test(label) && label.length <= longestLabel);
  return fits && plain.length + 2 <= longestName ? plain.toLowerCase() : null;
}

/** Whether `name` is `origin` or stands below it; both are keys. */
export function isWithin(name: string, origin: string): boolean {
  return origin === '' || name === origin || name.endsWith(`.${origin}`);
}

/** The key one label nearer the root, or null for the root. */
export function parent(name: string): string | null {
  if (name === '') return null;
  const dot = name.indexOf('.');
  return dot === -1 ? '' : name.slice(dot + 1);
}

/** The names above `name` up to `origin`, both ends left out; empty when they are the same. */
export function ancestors(name: string, origin: string): string[] {
  const found: string[] = [];
  if (name === origin) return found;
  for (let above = parent(name); above !== null && above !== origin; above = parent(above)) found.push(above);
  return found;
}

/** Octets of a key on the wire. */
export function wireLength(name: string): number {
  return name === '' ? 1 : name.length + 2;
}

/** A key as records write it: the root is ".". */
export function keyName(key: string): string {
  return key === '' ? '.' : key;
}

/** Labels of a key; the root has none. */
export function labels(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

/** Order of keys in a signed zone: label by label from the root (RFC 4034 section 6.1). Keys are ASCII of lower case. */
export function compareNames(left: string, right: string): number {
  const one = labels(left).reverse();
  const other = labels(right).reverse();
  for (const [at, label] of one.entries()) {
    const beside = other[at];
    if (beside === undefined) return 1;
    if (label !== beside) return label < beside ? -1 : 1;
  }
  return one.length - other.length;
}
