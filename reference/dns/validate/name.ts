/**
 * Domain names as a validator needs them: exact to the octet. A name is a text in lower case without trailing dot, in
 * which octets other than visible ones, dots and backslashes inside a label stand as \DDD; the root is the empty text.
 * So equal names are equal texts, and a name can be shown as it is. (RFC 1035, RFC 4343, RFC 4034 section 6)
 */

const longestNameOctets = 255;
const longestLabel = 63;
const pointer = 0xc0;

interface ReadName {
  readonly name: string;
  /** Where the octets after the name begin. */
  readonly end: number;
}

/**
 * Reads a name in a message. A pointer leads strictly towards the start of the message, so reading ends.
 *
 * @param compressed whether pointers are allowed: not in the data of the types that came after RFC 1035 (RFC 3597)
 * @returns null when there is none
 */
export function readName(message: Buffer, start: number, compressed: boolean): ReadName | null {
  const labels: string[] = [];
  let octets = 1;
  let at = start;
  let earliest = start;
  let end: number | null = null;
  for (;;) {
    const length = message[at];
    if (length === undefined) return null;
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 };
    if (length >= pointer) {
      const low = message[at + 1];
      if (low === undefined || !compressed) return null;
      end ??= at + 2;
      at = ((length & ~pointer) << 8) | low;
      if (at >= earliest) return null;
      earliest = at;
      continue;
    }
    octets += length + 1;
    if (length > longestLabel || octets > longestNameOctets || at + 1 + length > message.length) return null;
    labels.push(showLabel(message.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
}

function showLabel(octets: Buffer): string {
  const text = octets.toString('latin1');
  if (/^[a-z0-9_-]+$/.test(text)) return text;
  // Letters of ASCII alone have two cases in DNS.
  return text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/[^!-~]|[.\\]/g, (octet) => `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`);
}

/** The octets of a name: canonical form, lower case and without compression. (RFC 4034 section 6.2) */
export function nameOctets(name: string): Buffer {
  const parts: Buffer[] = [];
  for (const label of labelsOf(name)) {
    const octets = labelOctets(label);
    parts.push(Buffer.of(octets.length), octets);
  }
  parts.push(Buffer.of(0));
  return Buffer.concat(parts);
}

function labelOctets(label: string): Buffer {
  const plain = label.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code)));
  return Buffer.from(plain, 'latin1');
}

/** From the leaf to the one below the root. */
export function labelsOf(name: string): string[] {
  return name === '' ? [] : name.split('.');
}

/** The name made of the last `count` labels. */
export function lastLabels(name: string, count: number): string {
  const labels = labelsOf(name);
  return labels.slice(labels.length - count).join('.');
}

/** Whether `name` is `above` or stands below it. */
export function isWithin(name: string, above: string): boolean {
  return above === '' || name === above || name.endsWith(`.${above}`);
}

/** The name one label nearer the root; the root has none. */
export function parentOf(name: string): string | null {
  if (name === '') return null;
  return lastLabels(name, labelsOf(name).length - 1);
}

/** `label` directly below `name`. */
export function childOf(name: string, label: string): string {
  return name === '' ? label : `${label}.${name}`;
}

/** The longest name that is above, or the same as, both. */
export function commonAncestor(one: string, other: string): string {
  let name = one;
  while (!isWithin(other, name)) name = parentOf(name) ?? '';
  return name;
}

/** Canonical order of names: by labels from the root, each as octets. (RFC 4034 section 6.1) */
export function compareNames(one: string, other: string): number {
  const [left, right] = [labelsOf(one).reverse(), labelsOf(other).reverse()];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = Buffer.compare(labelOctets(left[index] ?? ''), labelOctets(right[index] ?? ''));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/**
 * A name as people write it, as a name of this file: a trailing dot is dropped, letters are put into lower case.
 *
 * @returns null for a name that DNS cannot hold, or with other than visible ASCII
 */
export function nameFromText(text: string): string | null {
  const plain = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (plain === '') return text === '.' ? '' : null;
  if (!/^[!-[\]-~]+$/.test(plain) || plain.length + 2 > longestNameOctets) return null;
  return plain.split('.').every((label) => label !== '' && label.length <= longestLabel) ? plain : null;
}

/** A name for a message to people. */
export function shownName(name: string): string {
  return name === '' ? '.' : name;
}
