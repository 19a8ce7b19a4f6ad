/** Passwords of PLAIN against STACIE accounts: for tests of clients that have no STACIE (DMAP-I-31). */
import type { StacieStore } from '../account/store.js';
import { equalSecrets } from '../formats/stacie/index.js';
import { deriveVerificationToken } from '../stacie/derive-token.js';

/** Makes the check; it takes as long as the account's rounds do. Gives the username when the password is right. */
export function createPasswordCheck(
  store: StacieStore,
): (username: string, password: string) => Promise<string | null> {
  return async (typed, password) => {
    const account = store.stacieAccount(typed.toLowerCase());
    if (account === null) return null;
    const { username, salt, bonus } = account;
    const derived = await deriveVerificationToken({
      username,
      password,
      bonus,
      ...(salt === undefined ? {} : { salt }),
    });
    const right = equalSecrets(derived, account.verificationToken);
    derived.fill(0);
    return right ? username : null;
  };
}
