/** What a mailbox holds after generated changes (sections 2.4, 2.7 and 3.2 of the DMAP digest). Written from the digest. */

export interface ModelMessage {
  /** Which message was put there: copies have that of their source. */
  readonly text: number;
  /** In lower case. */
  readonly flags: Set<string>;
}

export type Way = 'FLAGS' | '+FLAGS' | '-FLAGS';

export class MailboxModel {
  /** In their order. */
  messages: ModelMessage[] = [];

  append(text: number, flags: readonly string[]): void {
    this.messages.push({ text, flags: new Set(flags.map((flag) => flag.toLowerCase())) });
  }

  /** @param place from 1 */
  copy(place: number): void {
    const source = this.messages[place - 1];
    if (source !== undefined) this.messages.push({ text: source.text, flags: new Set(source.flags) });
  }

  store(message: ModelMessage | undefined, way: Way, flags: readonly string[]): void {
    if (message === undefined) return;
    if (way === 'FLAGS') message.flags.clear();
    for (const flag of flags.map((each) => each.toLowerCase())) {
      if (way === '-FLAGS') message.flags.delete(flag);
      else message.flags.add(flag);
    }
  }

  expunge(): ModelMessage[] {
    const removed = this.messages.filter(({ flags }) => flags.has('\\deleted'));
    this.messages = this.messages.filter(({ flags }) => !flags.has('\\deleted'));
    return removed;
  }
}
