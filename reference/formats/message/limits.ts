/** The numbers of messages. (Sections 1, 4.3, 4.5 and 12.4 of the messages digest) */

/** Magic (2) and length (4). */
export const headerOctets = 6;
export const tracingMagic = 1837;
/** Magic (2) and length (2) of a tracing block. */
export const tracingHeadOctets = 4;
export const mostTracingOctets = 0xffff;

/** The most that the four length octets can say. */
export const mostMessageOctets = 0xffff_ffff;
/** The most that three length octets can say; payloads are a multiple of 16, so the largest usable is lower (OQ-91). */
export const mostPayloadOctets = 0xff_ffff;
export const largestStandardPayload = mostPayloadOctets - (mostPayloadOctets % 16);

/** Of AES, and so of every standard payload (MSG-023). */
export const blockOctets = 16;
/** Signature (64), data length (3), flags (1) and padding octet (1) before the data. */
export const payloadHeadOctets = 69;
/** What primary padding, and PRIME, fill a payload up to (MSG-024, MSG-087). */
export const leastPaddedPayload = 256;

/** Data in one chunk of PRIME; longer bodies are split (MSG-089). */
export const mostPrimeData = 16_777_098;

/** Inflated data may not be larger than this unless the reader raises it: a gzip bomb is refused. */
export const mostInflatedOctets = 64 * 1024 * 1024;
