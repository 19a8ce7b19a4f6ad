/** Armored objects: the typed face of armor.peggy, and its formatter. */
import { parseRule } from './parse.js';

/** What stands in the BEGIN and END lines. (Sections 10 and 11.8 of the signets digest) */
export const armorLabels = [
  'ORGANIZATIONAL SIGNET',
  'USER SIGNET',
  'SIGNET SIGNING REQUEST',
  'ORGANIZATIONAL KEY',
  'USER KEY',
  'ENCRYPTED ORGANIZATIONAL KEY',
  'ENCRYPTED USER KEY',
  'ENCRYPTED MESSAGE',
] as const;
export type ArmorLabel = (typeof armorLabels)[number];

export interface ArmorBlock {
  readonly label: ArmorLabel;
  /** The lines joined, with the padding that was there. */
  readonly base64: string;
  /** Four base64 characters, without the equals sign before them. */
  readonly checksum: string;
  /** Of the checksum's equals sign, in characters from the start of the text. */
  readonly offset: number;
}

/** Base64 characters on a line that is written (SIG-074). */
export const armorLineWidth = 64;

/**
 * Parses the first block with a known label. Whether base64 and checksum fit together is for reference/formats/armor to
 * say.
 *
 * @throws GrammarError
 */
export function parseArmorBlock(text: string): ArmorBlock {
  return parseRule('armor', 'Armor', text) as ArmorBlock;
}

/** Writes a block: lines of 64 characters, each with LF, no empty line before the checksum (SIG-074, SIG-080). */
export function formatArmorBlock({ label, base64, checksum }: Omit<ArmorBlock, 'offset'>): string {
  const lines = base64.match(new RegExp(`.{1,${armorLineWidth}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `=${checksum}`, `-----END ${label}-----`, ''].join('\n');
}
