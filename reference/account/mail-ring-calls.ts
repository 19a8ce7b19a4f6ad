/** The calls of a mail store that are about key ring and signet ring. */
import type { RingStore } from './mail-rings.js';
import { accountOf, type MailState } from './mail-state.js';
import { MailStoreError } from './mail-store.js';

const mostIdOctets = 255;

export function ringCalls(state: MailState): RingStore {
  const { backing, limits } = state;

  const checkSize = (octets: Uint8Array | null, what: string): void => {
    if (octets === null || octets.length <= limits.mostRingOctets) return;
    throw new MailStoreError('too-big', `${what} has at most ${limits.mostRingOctets} octets, not ${octets.length}`);
  };

  /** A backing is asked for nothing else: it might take a name for another one that it only resembles. */
  const mayBe = (account: string, name: string, what: RingName): boolean =>
    state.accounts.has(account) && isName(name, what);

  return {
    keyIds: (account) => (state.accounts.has(account) ? backing.keyIds(account) : []),
    key: (account, id) => (mayBe(account, id, 'key id') ? backing.key(account, id) : null),
    addKey(account, id, { publicPart, privatePart }) {
      accountOf(state, account);
      checkName(id, 'key id');
      checkSize(publicPart, 'the public part of a key');
      checkSize(privatePart, 'the private part of a key');
      if (backing.key(account, id) !== null) throw new MailStoreError('exists', `there is a key ${id}`);
      if (backing.keyIds(account).length >= limits.mostKeys) {
        throw new MailStoreError('limit', `a key ring has at most ${limits.mostKeys} keys`);
      }
      backing.transaction(() => backing.addKey(account, id, { publicPart, privatePart }));
    },
    deleteKey(account, id) {
      if (mayBe(account, id, 'key id') && backing.transaction(() => backing.removeKey(account, id))) return;
      throw new MailStoreError('nonexistent', `there is no key ${JSON.stringify(id.slice(0, mostIdOctets))}`);
    },

    signetAddresses: (account) => (state.accounts.has(account) ? backing.signetAddresses(account) : []),
    signet: (account, address) =>
      mayBe(account, address, 'address') ? backing.signet(account, folded(address)) : null,
    addSignet(account, address, octets) {
      accountOf(state, account);
      checkName(address, 'address');
      checkSize(octets, 'a signet');
      if (backing.signet(account, folded(address)) !== null) {
        throw new MailStoreError('exists', `there is a signet of ${address}`);
      }
      if (backing.signetAddresses(account).length >= limits.mostSignets) {
        throw new MailStoreError('limit', `a signet ring has at most ${limits.mostSignets} signets`);
      }
      backing.transaction(() => backing.addSignet(account, folded(address), address, octets));
    },
    deleteSignet(account, address) {
      if (mayBe(account, address, 'address')) {
        if (backing.transaction(() => backing.removeSignet(account, folded(address)))) return;
      }
      throw new MailStoreError(
        'nonexistent',
        `there is no signet of ${JSON.stringify(address.slice(0, mostIdOctets))}`,
      );
    },
  };
}

type RingName = 'key id' | 'address';

/** Key ids are 1 to 255 printable 7-bit octets without space (DMAP-I-93); addresses may have UTF-8 besides. */
function isName(name: string, what: RingName): boolean {
  const allowed = what === 'key id' ? /^[!-~]+$/ : /^[^\u0000-\u0020\u007f-\u009f]+$/;
  return (
    name.length <= mostIdOctets && Buffer.byteLength(name) <= mostIdOctets && allowed.test(name) && name.isWellFormed()
  );
}

function checkName(name: string, what: RingName): void {
  if (isName(name, what)) return;
  throw new MailStoreError('cannot', `${JSON.stringify(name.slice(0, mostIdOctets))} is no ${what}`);
}

/** In ASCII lower case only: others have no case here. */
function folded(address: string): string {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
