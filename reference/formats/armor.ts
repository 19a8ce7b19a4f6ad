/** Armor: binary objects as text with a checksum. (Sections 9 and 10 of the signets digest) */
import { type ArmorLabel, armorLabels, formatArmorBlock } from '../../grammar/armor.js';
import { ArmorError } from './armor-error.js';
import { readArmorBlock } from './armor-reader.js';

export { ArmorError, type ArmorErrorCode } from './armor-error.js';
export { type ArmorLabel, armorLabels };

/** A text of 32 MiB: the largest signet (16 MiB) has 22 MiB of base64, and needs some room for line ends. */
export const longestArmorText = 0x2000000;

export interface Armored {
  readonly label: ArmorLabel;
  /** What kind of object it is says its magic number, not the label (SIG-079). */
  readonly data: Uint8Array;
}

/** Sections 10 and 11.8. */
const labelsByMagic: Readonly<Record<number, ArmorLabel>> = {
  1215: 'SIGNET SIGNING REQUEST',
  1216: 'SIGNET SIGNING REQUEST',
  1776: 'ORGANIZATIONAL SIGNET',
  1789: 'USER SIGNET',
  1847: 'ENCRYPTED MESSAGE',
  1947: 'ENCRYPTED ORGANIZATIONAL KEY',
  1952: 'ORGANIZATIONAL KEY',
  1976: 'ENCRYPTED USER KEY',
  2013: 'USER KEY',
};

/** The label that a writer gives to an object (SIG-078); null for a magic number that has none. */
export function armorLabelOf(object: Uint8Array): ArmorLabel | null {
  return labelsByMagic[((object[0] ?? 0) << 8) | (object[1] ?? 0)] ?? null;
}

/**
 * Reads the first block with a known label; other text is ignored (SIG-077). Base64 is read strictly (section 9):
 * padding may be absent, but is right where it is there, and excess bits are zero.
 *
 * @throws ArmorError
 */
export function decodeArmor(text: string): Armored {
  if (text.length > longestArmorText) {
    const what = `the text has ${text.length} characters, more than the ${longestArmorText} that are read`;
    throw new ArmorError('too-long', undefined, longestArmorText, what);
  }
  const { label, base64, checksum, offset } = readArmorBlock(text);
  const data = new Uint8Array(Buffer.from(base64, 'base64'));
  const whole = base64Of(data);
  if (base64 !== whole && base64 !== whole.replace(/=+$/, '')) {
    const what = 'the base64 before has wrong padding, ends within an octet, or has excess bits that are not zero';
    throw new ArmorError('bad-base64', 'SIG-074', offset, what);
  }
  const right = checksumText(data);
  if (right !== checksum) {
    const what = `the checksum is ${checksum}, but that of the ${data.length} octets is ${right}`;
    throw new ArmorError('bad-checksum', 'SIG-076', offset, what);
  }
  return { label, data };
}

/**
 * Writes an object as armor (SIG-073 to SIG-075, SIG-080).
 *
 * @throws ArmorError for a label that is none of DIME's, an empty object, or one too large to be read again
 */
export function encodeArmor(label: string, data: Uint8Array): string {
  const known = armorLabels.find((one) => one === label);
  if (known === undefined) {
    throw new ArmorError('wrong-label', 'SIG-073', 0, `${JSON.stringify(label.slice(0, 60))} is no label of DIME`);
  }
  if (data.length === 0) throw new ArmorError('bad-base64', 'SIG-073', 0, 'an object is never empty');
  const text = formatArmorBlock({ label: known, base64: base64Of(data), checksum: checksumText(data) });
  if (text.length <= longestArmorText) return text;
  throw new ArmorError('too-long', undefined, longestArmorText, `an object of ${data.length} octets is too large`);
}

/** The checksum of an object as armor writes it: four base64 characters (SIG-075). */
export function checksumText(data: Uint8Array): string {
  const crc = crc24(data);
  return base64Of(Uint8Array.of(crc >> 16, (crc >> 8) & 0xff, crc & 0xff));
}

const crcTable = Uint32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet << 16;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x800000) === 0 ? crc << 1 : (crc << 1) ^ 0x1864cfb;
  return crc & 0xffffff;
});

/** CRC-24 of RFC 4880 section 6.1. */
export function crc24(data: Uint8Array): number {
  let crc = 0xb704ce;
  for (const octet of data) crc = ((crc << 8) & 0xffffff) ^ (crcTable[(crc >> 16) ^ octet] ?? 0);
  return crc;
}

function base64Of(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
}
