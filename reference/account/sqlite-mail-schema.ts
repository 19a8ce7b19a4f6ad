/** The tables of the mail store. A step that was ever published does not change; a new one follows it. */
export const mailSchema: readonly string[] = [
  `
  CREATE TABLE account (
    name TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    uid_validity INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE subscription (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (account, name)
  ) WITHOUT ROWID;

  CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    selectable INTEGER NOT NULL,
    special_use TEXT,
    uid_validity INTEGER NOT NULL,
    uid_next INTEGER NOT NULL,
    highest_modseq INTEGER NOT NULL,
    expunge_floor INTEGER NOT NULL,
    keywords TEXT NOT NULL
  );

  CREATE TABLE removal (
    mailbox INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    PRIMARY KEY (mailbox, modseq, uid)
  ) WITHOUT ROWID;

  -- The octets of messages. No message has one with no references: it is being written, or read for the last time.
  CREATE TABLE body (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_count INTEGER NOT NULL,
    chunks BLOB NOT NULL
  );
  CREATE INDEX body_unused ON body (id) WHERE message_count = 0;

  CREATE TABLE piece (
    body INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (body, nth)
  );
  CREATE TRIGGER body_gone AFTER DELETE ON body BEGIN
    DELETE FROM piece WHERE body = OLD.id;
  END;

  CREATE TABLE message (
    mailbox INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    day INTEGER NOT NULL,
    moment INTEGER NOT NULL,
    size INTEGER NOT NULL,
    meta_mark INTEGER NOT NULL,
    body INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid)
  ) WITHOUT ROWID;
  CREATE TABLE meta (
    mailbox INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (mailbox, uid)
  );
  CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
    UPDATE body SET message_count = message_count + 1 WHERE id = NEW.body;
  END;
  CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN
    UPDATE body SET message_count = message_count - 1 WHERE id = OLD.body;
    DELETE FROM meta WHERE OLD.meta_mark > 0 AND mailbox = OLD.mailbox AND uid = OLD.uid;
  END;

  CREATE TABLE ring_key (
    nth INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    public_part BLOB NOT NULL,
    private_part BLOB,
    UNIQUE (account, id)
  );
  CREATE TABLE ring_signet (
    nth INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    folded TEXT NOT NULL,
    address TEXT NOT NULL,
    octets BLOB NOT NULL,
    UNIQUE (account, folded)
  );
  `,
];
