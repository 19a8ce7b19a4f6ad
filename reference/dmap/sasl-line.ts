/** A client's line inside AUTHENTICATE (DMAP-182 to DMAP-184, DMAP-I-29). */
import { parseSaslLine } from '../../grammar/dmap.js';
import { GrammarError } from '../../grammar/parse.js';
import type { SaslLine } from './answer.js';

/** @param line with its line end */
export function readSaslLine(line: string): SaslLine {
  try {
    const octets = parseSaslLine(line);
    return octets === null ? { kind: 'cancelled' } : { kind: 'response', octets };
  } catch (error) {
    if (error instanceof GrammarError) return { kind: 'bad' };
    throw error;
  }
}
