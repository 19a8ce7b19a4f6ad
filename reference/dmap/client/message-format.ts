/** Whether octets are a D/MIME message, which is what clients append (DMAP-262). */
import { MessageError, messageProfiles, outlineOf } from '../../formats/message/index.js';

/** In any of the profiles, encrypted or not; nothing of it is decrypted. */
export function isDmime(octets: Uint8Array): boolean {
  return messageProfiles.some((profile) => {
    try {
      outlineOf(profile, [octets], octets.length, new Set(), octets.length);
      return true;
    } catch (error) {
      if (error instanceof MessageError) return false;
      throw error;
    }
  });
}
