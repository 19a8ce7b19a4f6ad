/** Key rings and signet rings in a store file. */
import type { RingBacking } from './mail-backing.js';
import type { StoreFile } from './store-file.js';
import { octetsIn, textIn } from './store-row.js';

export function sqliteRings(file: StoreFile): RingBacking {
  return {
    keyIds(account) {
      const ids: string[] = [];
      file.each('SELECT id FROM ring_key WHERE account = ? ORDER BY nth', [account], (row) =>
        ids.push(textIn(row, 'id')),
      );
      return ids;
    },
    key(account, id) {
      const row = file.row('SELECT * FROM ring_key WHERE account = ? AND id = ?', [account, id]);
      if (row === null) return null;
      const privatePart = row.private_part === null ? null : octetsIn(row, 'private_part');
      return { publicPart: octetsIn(row, 'public_part'), privatePart };
    },
    addKey(account, id, { publicPart, privatePart }) {
      const sql = 'INSERT INTO ring_key (account, id, public_part, private_part) VALUES (?, ?, ?, ?)';
      file.run(sql, [account, id, publicPart, privatePart]);
    },
    removeKey: (account, id) => file.change('DELETE FROM ring_key WHERE account = ? AND id = ?', [account, id]) > 0,

    signetAddresses(account) {
      const addresses: string[] = [];
      const sql = 'SELECT address FROM ring_signet WHERE account = ? ORDER BY nth';
      file.each(sql, [account], (row) => addresses.push(textIn(row, 'address')));
      return addresses;
    },
    signet(account, folded) {
      const row = file.row('SELECT * FROM ring_signet WHERE account = ? AND folded = ?', [account, folded]);
      return row === null ? null : { address: textIn(row, 'address'), octets: octetsIn(row, 'octets') };
    },
    addSignet(account, folded, address, octets) {
      const sql = 'INSERT INTO ring_signet (account, folded, address, octets) VALUES (?, ?, ?, ?)';
      file.run(sql, [account, folded, address, octets]);
    },
    removeSignet: (account, folded) =>
      file.change('DELETE FROM ring_signet WHERE account = ? AND folded = ?', [account, folded]) > 0,
  };
}
