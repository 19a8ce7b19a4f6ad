/** The numbers of STACIE. (Sections 1.2, 1.3 and 1.8 of the STACIE digest) */

/** Octets of a digest: of every key, token, base and shard. */
export const keyOctets = 64;
/** The least octets of a salt or nonce (STACIE-022, STACIE-027). */
export const leastSaltOctets = 64;
/** A salt of this length keys the HMAC as it stands (STACIE-058); servers should send it (STACIE-024). */
export const bestSaltOctets = 128;
/** Longer salts and nonces are taken with a warning (STACIE-066). */
export const wellKnownSaltOctets = 1024;
/** Salts and nonces should be a multiple of this (STACIE-065). */
export const saltStep = 32;
/** Longer salts and nonces are refused, which STACIE-I-18 allows. */
export const mostSaltOctets = 4096;
/** Longer usernames, passwords and labels are refused; STACIE-I-06 wants 1,024 octets at least for a password. */
export const mostTextOctets = 4096;

/** The least and the most rounds of the seed and key stages (STACIE-044, STACIE-045). */
export const leastRounds = 8;
export const mostRounds = 16_777_216;
/** Rounds of the token stages, whatever the password (STACIE-048). */
export const tokenRounds = 8;

/** The highest serial of an envelope, which has two octets for it (STACIE-123). */
export const mostSerial = 65_535;
/** The most octets of a text that is encrypted (STACIE-128). */
export const mostDataOctets = 16_777_215;
