/** Key ring and signet ring of an account (sections 5.10 and 2.5 of the DMAP digest). */

/** Octets as they came; the store does not look into them. */
export interface AccountKey {
  readonly publicPart: Uint8Array;
  readonly privatePart: Uint8Array | null;
}

export interface RingStore {
  /** In the order of adding. */
  keyIds(account: string): readonly string[];
  /** Key ids compare octet by octet. */
  key(account: string, id: string): AccountKey | null;
  /** @throws MailStoreError `exists`, `too-big`, `limit`, `cannot` for an id that is none (DMAP-I-93), `nonexistent` */
  addKey(account: string, id: string, key: AccountKey): void;
  /** @throws MailStoreError `nonexistent` */
  deleteKey(account: string, id: string): void;

  /** In the order of adding, spelled as they came. */
  signetAddresses(account: string): readonly string[];
  /** Addresses compare without regard to ASCII case (DMAP-I-101). */
  signet(account: string, address: string): { readonly address: string; readonly octets: Uint8Array } | null;
  /** @throws MailStoreError `exists`, `too-big`, `limit`, `cannot` for an address that is none, `nonexistent` */
  addSignet(account: string, address: string, octets: Uint8Array): void;
  /** @throws MailStoreError `nonexistent` */
  deleteSignet(account: string, address: string): void;
}
