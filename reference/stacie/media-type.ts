/** The media type of STACIE's requests and answers. */

/** Whether a media type is application/json; its parameters are ignored, since JSON is UTF-8 (STACIE-008, STACIE-009). */
export function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json[ \t]*(;|$)/i.test(type);
}
