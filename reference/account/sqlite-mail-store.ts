/** A mail store in a store file. What a call has changed is on the disk when it returns, and a restart finds all of it. */
import type { MailBacking, MailLoader } from './mail-backing.js';
import type { AccountMode, MailStore } from './mail-store.js';
import { createMailStore, type MailStoreOptions } from './mail-store-on.js';
import { sqliteBodies } from './sqlite-bodies.js';
import { mailSchema } from './sqlite-mail-schema.js';
import { sqliteMetas } from './sqlite-metas.js';
import { sqliteRings } from './sqlite-rings.js';
import type { StoreFile } from './store-file.js';
import { StoreFileError } from './store-file-error.js';
import { bigintIn, numberIn, type StoreRow, textIn, WrongColumn } from './store-row.js';

/**
 * Opens the mail store that the file has, or begins one. What an APPEND that never ended left there is thrown away.
 * Closing the store leaves the file open: it may be that of other stores too.
 *
 * @throws StoreFileError `newer`, `damaged`, `failed`
 */
export function createSqliteMailStore(file: StoreFile, options: MailStoreOptions = {}): MailStore {
  file.adopt('mail', mailSchema);
  return createMailStore(sqliteBacking(file), options);
}

function sqliteBacking(file: StoreFile): MailBacking {
  const bodies = sqliteBodies(file);
  const metas = sqliteMetas(file);
  file.transaction(bodies.sweep);
  return {
    ...sqliteRings(file),
    load(loader) {
      try {
        load(file, loader);
      } catch (error) {
        if (error instanceof StoreFileError || !(error instanceof Error)) throw error;
        throw new StoreFileError('damaged', file.path, error.message);
      }
    },
    transaction(work) {
      try {
        return file.transaction(work);
      } catch (error) {
        metas.forget();
        throw error;
      }
    },

    saveAccount({ name, mode, uidValidity }) {
      file.run('INSERT OR REPLACE INTO account VALUES (?, ?, ?)', [name, mode, uidValidity]);
    },
    saveSubscription(account, name, subscribed) {
      if (subscribed) file.run('INSERT OR IGNORE INTO subscription VALUES (?, ?)', [account, name]);
      else file.run('DELETE FROM subscription WHERE account = ? AND name = ?', [account, name]);
    },
    saveMailbox(mailbox) {
      file.run('INSERT OR REPLACE INTO mailbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
        mailbox.id,
        mailbox.account,
        mailbox.name,
        Number(mailbox.selectable),
        mailbox.specialUse,
        mailbox.uidValidity,
        mailbox.uidNext,
        mailbox.highestModseq,
        mailbox.expungeFloor,
        JSON.stringify(mailbox.keywords),
      ]);
    },
    removeMailbox(mailbox) {
      metas.forget();
      file.run('DELETE FROM message WHERE mailbox = ?', [mailbox]);
      file.run('DELETE FROM removal WHERE mailbox = ?', [mailbox]);
      file.run('DELETE FROM mailbox WHERE id = ?', [mailbox]);
      bodies.sweep();
    },

    addMessage(mailbox, { uid, flags, modseq, day, moment, size, metaMark, body }, metaOf) {
      const values = [mailbox, uid, flags, modseq, day, moment, size, metaMark, body];
      file.run('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', values);
      if (metaOf === null) return;
      metas.forget();
      const from = [mailbox, uid, metaOf.mailbox, metaOf.uid];
      file.run('INSERT INTO meta SELECT ?, ?, octets FROM meta WHERE mailbox = ? AND uid = ?', from);
    },
    saveFlags(mailbox, uid, flags, modseq) {
      const sql = 'UPDATE message SET flags = ?, modseq = ? WHERE mailbox = ? AND uid = ?';
      file.run(sql, [flags, modseq, mailbox, uid]);
    },
    saveMeta(mailbox, uid, meta, modseq) {
      metas.forget();
      const mark = meta === null ? 0 : meta.length + 1;
      const sql = 'UPDATE message SET meta_mark = ?, modseq = ? WHERE mailbox = ? AND uid = ?';
      file.run(sql, [mark, modseq, mailbox, uid]);
      if (meta === null) file.run('DELETE FROM meta WHERE mailbox = ? AND uid = ?', [mailbox, uid]);
      else file.run('INSERT OR REPLACE INTO meta VALUES (?, ?, ?)', [mailbox, uid, meta]);
    },
    removeMessages(mailbox, messages) {
      metas.forget();
      for (const { uid } of messages) file.run('DELETE FROM message WHERE mailbox = ? AND uid = ?', [mailbox, uid]);
      bodies.sweep();
    },
    saveRemoval(mailbox, modseq, uids, floor) {
      if (modseq > floor) {
        for (const uid of uids) file.run('INSERT INTO removal VALUES (?, ?, ?)', [mailbox, modseq, uid]);
      }
      file.run('DELETE FROM removal WHERE mailbox = ? AND modseq <= ?', [mailbox, floor]);
    },

    meta: metas.read,
    writeBody: bodies.write,
    chunks: bodies.chunks,
    readBody: bodies.read,
    close: () => undefined,
  };
}

function load(file: StoreFile, loader: MailLoader): void {
  file.each('SELECT * FROM account', [], (row) => {
    loader.account({ name: textIn(row, 'name'), mode: modeIn(row), uidValidity: numberIn(row, 'uid_validity') });
  });
  file.each('SELECT * FROM subscription', [], (row) =>
    loader.subscription(textIn(row, 'account'), textIn(row, 'name')),
  );
  file.each('SELECT * FROM mailbox', [], (row) => {
    loader.mailbox({
      id: numberIn(row, 'id'),
      account: textIn(row, 'account'),
      name: textIn(row, 'name'),
      selectable: numberIn(row, 'selectable') === 1,
      specialUse: row.special_use === null ? null : textIn(row, 'special_use'),
      uidValidity: numberIn(row, 'uid_validity'),
      uidNext: numberIn(row, 'uid_next'),
      highestModseq: bigintIn(row, 'highest_modseq'),
      expungeFloor: bigintIn(row, 'expunge_floor'),
      keywords: keywordsIn(row),
    });
  });
  loadRemovals(file, loader);
  file.each('SELECT * FROM message ORDER BY mailbox, uid', [], (row) => {
    loader.message(numberIn(row, 'mailbox'), {
      uid: numberIn(row, 'uid'),
      flags: numberIn(row, 'flags'),
      modseq: bigintIn(row, 'modseq'),
      day: numberIn(row, 'day'),
      moment: numberIn(row, 'moment'),
      size: numberIn(row, 'size'),
      metaMark: numberIn(row, 'meta_mark'),
      body: numberIn(row, 'body'),
    });
  });
}

/** Rows of one removal follow each other. */
function loadRemovals(file: StoreFile, loader: MailLoader): void {
  let removal: { readonly mailbox: number; readonly modseq: bigint; readonly uids: number[] } | null = null;
  const tell = (): void => {
    if (removal !== null) loader.removal(removal.mailbox, removal.modseq, removal.uids);
  };
  file.each('SELECT * FROM removal ORDER BY mailbox, modseq, uid', [], (row) => {
    const mailbox = numberIn(row, 'mailbox');
    const modseq = bigintIn(row, 'modseq');
    if (removal?.mailbox !== mailbox || removal.modseq !== modseq) {
      tell();
      removal = { mailbox, modseq, uids: [] };
    }
    removal.uids.push(numberIn(row, 'uid'));
  });
  tell();
}

function modeIn(row: StoreRow): AccountMode {
  const mode = textIn(row, 'mode');
  if (mode === 'TRUSTFUL' || mode === 'CAUTIOUS' || mode === 'PARANOID') return mode;
  throw new WrongColumn('the column mode does not hold a mode');
}

function keywordsIn(row: StoreRow): string[] {
  const keywords: unknown = JSON.parse(textIn(row, 'keywords'));
  if (Array.isArray(keywords) && keywords.every((keyword) => typeof keyword === 'string')) return keywords;
  throw new WrongColumn('the column keywords does not hold keywords');
}
