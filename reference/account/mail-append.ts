/** One message on its way into a mailbox: taken piece by piece, and either wholly there in the end or not at all. */
import { ChunkScanner, packChunks } from './mail-chunk-scanner.js';
import { dayNumber, packMoment } from './mail-date.js';
import { type MailboxState, type MailState, mailboxOf, takeOctets } from './mail-state.js';
import { type AppendSink, MailStoreError, type NewMessage } from './mail-store.js';
import { checkRoom } from './mail-transfer.js';

/** @throws MailStoreError `limit`, `cannot` */
export function appendTo(state: MailState, mailbox: MailboxState, message: NewMessage): AppendSink {
  const { backing, limits } = state;
  const { account, id } = mailbox;
  const { flags = [], internalDate } = message;
  // Said before the octets come; asked again at the end, as others may have changed the mailbox meanwhile.
  mailbox.flags.read(flags);
  checkRoom(mailbox, 1, limits.mostMessages);
  const writer = backing.writeBody();
  const scanner = new ChunkScanner();
  let size = 0;
  let ended = false;

  const abort = (): void => {
    if (ended) return;
    ended = true;
    account.octets -= size;
    writer.discard();
  };

  const add = (): { uid: number; uidValidity: number } => {
    // It may have been deleted, but its account and id are not those of another one.
    mailboxOf(state, id);
    if (size === 0) throw new MailStoreError('empty', 'a message has at least one octet');
    checkRoom(mailbox, 1, limits.mostMessages);
    const { bits, fresh } = mailbox.flags.read(flags);
    const chunks = packChunks(scanner.finish());
    const uid = mailbox.uidNext;
    const modseq = mailbox.highestModseq + 1n;
    const date = { day: dayNumber(internalDate), moment: packMoment(internalDate) };
    const record = backing.transaction(() => {
      const body = writer.finish(chunks);
      const added = { uid, flags: bits, modseq, ...date, size, metaMark: 0, body };
      backing.addMessage(id, added, null);
      const keywords = [...mailbox.flags.keywords, ...fresh];
      backing.saveMailbox(mailbox.record({ keywords, uidNext: uid + 1, highestModseq: modseq }));
      return added;
    });
    mailbox.flags.learn(fresh);
    mailbox.uidNext = uid + 1;
    mailbox.highestModseq = modseq;
    mailbox.add(record);
    return { uid, uidValidity: mailbox.uidValidity };
  };

  return {
    write(octets) {
      if (ended) throw new Error('octets came after the end of the message');
      try {
        if (size + octets.length > limits.mostMessageOctets) {
          throw new MailStoreError('too-big', `a message has at most ${limits.mostMessageOctets} octets`);
        }
        takeOctets(state, account, octets.length);
        size += octets.length;
        writer.write(octets);
        scanner.push(octets);
      } catch (error) {
        // A message with a hole must never be added.
        abort();
        throw error;
      }
    },
    commit() {
      if (ended) throw new Error('the message has ended already');
      try {
        const added = add();
        ended = true;
        state.tell(id, { kind: 'appended', uids: [added.uid] });
        return added;
      } catch (error) {
        abort();
        throw error;
      }
    },
    abort,
  };
}
