/** The tokens that prove who logs in, and how a server checks them. (Section 1.6 of the STACIE digest) */
import { createHash } from 'node:crypto';
import { checkKey, checkNonce, checkSalt } from './checks.js';
import { tokenRounds } from './limits.js';
import { equalSecrets, threeOctets } from './octets.js';
import { StacieError } from './stacie-error.js';
import { type Text, usernameOctets } from './text.js';

/** Who logs in, as the server normalized the name; the salt when the account has one. */
export interface TokenInputs {
  readonly username: Text;
  readonly salt?: Uint8Array | undefined;
}

/**
 * What the server keeps, 64 octets: eight rounds over the password key.
 *
 * @throws StacieError for a password key that has not 64 octets (STACIE-079), and for a wrong username or salt
 */
export function verificationToken({
  passwordKey,
  ...inputs
}: TokenInputs & { readonly passwordKey: Uint8Array }): Uint8Array {
  checkKey(passwordKey, 'passwordKey', 'STACIE-079', '1.6');
  return token(passwordKey, inputs, undefined);
}

/**
 * What one login attempt sends, 64 octets: eight rounds over the verification token and the server's nonce.
 *
 * @throws StacieError for a verification token that has not 64 octets (STACIE-081), and for a wrong nonce (STACIE-087),
 * username or salt
 */
export function ephemeralLoginToken({
  verificationToken,
  nonce,
  ...inputs
}: TokenInputs & { readonly verificationToken: Uint8Array; readonly nonce: Uint8Array }): Uint8Array {
  checkKey(verificationToken, 'verificationToken', 'STACIE-081', '1.6');
  return token(verificationToken, inputs, nonce);
}

/**
 * Whether a token that came is the ephemeral login token of this account and nonce (STACIE-186). Compares in constant
 * time, and says false for a token of any other length.
 *
 * @throws StacieError when what the server itself holds is wrong, as `ephemeralLoginToken` does
 */
export function isLoginToken(
  came: Uint8Array,
  account: TokenInputs & { readonly verificationToken: Uint8Array; readonly nonce: Uint8Array },
): boolean {
  return equalSecrets(came, ephemeralLoginToken(account));
}

/**
 * Whether a password key that came with a password change leads to the stored verification token (STACIE-072,
 * STACIE-I-55). Compares in constant time, and says false for a key of any other length.
 *
 * @throws StacieError for a wrong username or salt
 */
export function isPasswordKey(
  came: Uint8Array,
  account: TokenInputs & { readonly verificationToken: Uint8Array },
): boolean {
  try {
    return equalSecrets(verificationToken({ ...account, passwordKey: came }), account.verificationToken);
  } catch (error) {
    if (error instanceof StacieError && error.field === 'passwordKey') return false;
    throw error;
  }
}

/** The username is part of the input (STACIE-I-21); an absent salt or nonce leaves nothing in its place (STACIE-083). */
function token(base: Uint8Array, { username, salt }: TokenInputs, nonce: Uint8Array | undefined): Uint8Array {
  const name = usernameOctets(username);
  checkSalt(salt);
  checkNonce(nonce);
  let digest = Buffer.alloc(0);
  for (let round = 0; round < tokenRounds; round++) {
    const hash = createHash('sha512').update(digest).update(base).update(name);
    if (salt !== undefined) hash.update(salt);
    if (nonce !== undefined) hash.update(nonce);
    digest.fill(0);
    digest = hash.update(threeOctets(round)).digest();
  }
  return new Uint8Array(digest);
}
