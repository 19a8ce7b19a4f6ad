/** A message with one chunk as long as its three length octets allow: layout only, since FETCH looks at nothing else. */
import { chunkOctets, chunkTables, definitionOf, headOctets } from '../../reference/formats/message/chunk-table.js';
import { headerOctets, largestStandardPayload } from '../../reference/formats/message/limits.js';

/** What a client asks for. */
export const attachmentSection = 'BODY.PEEK[131.1]';

/** @throws Error when the table of the format has no attachments */
export function letterWithLargestChunk(): Uint8Array {
  const table = chunkTables['dime-2015'];
  const attachment = definitionOf(table, 131);
  if (attachment === undefined) throw new Error('the format has no attachments');
  const size = chunkOctets(table, attachment, largestStandardPayload);
  const octets = Buffer.alloc(headerOctets + size, 'x');
  octets.writeUInt16BE(table.magic, 0);
  octets.writeUInt32BE(size, 2);
  octets.writeUInt8(attachment.type, headerOctets);
  octets.writeUIntBE(largestStandardPayload, headerOctets + 1, headOctets(table, attachment) - 1);
  return octets;
}
