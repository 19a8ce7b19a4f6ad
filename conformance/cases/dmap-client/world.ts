/** Mailboxes, keys and signets behind the suite's DMAP server, and what a right server says of them. */
import type { Command, FetchItem } from '../../../grammar/dmap.js';
import { holds, resolveSet } from '../../../grammar/dmap-sets.js';
import { plainMessage } from '../../model/dmap-message.js';
import type { Heard } from './heard.js';

interface Mail {
  readonly uid: number;
  flags: readonly string[];
  readonly octets: Uint8Array;
}

export interface Box {
  readonly uidValidity: number;
  uidNext: number;
  mails: Mail[];
}

const systemFlags = [
  '\\Answered',
  '\\Flagged',
  '\\Deleted',
  '\\Seen',
  '\\Draft',
  '\\SubmitPending',
  '\\Submitted',
  '\\Forwarded',
] as const;

/** Mails with these UIDs, in ascending order, and no flags. */
export const boxOf = (uids: readonly number[], uidValidity = 7): Box => ({
  uidValidity,
  uidNext: (uids.at(-1) ?? 0) + 1,
  mails: uids.map((uid) => ({ uid, flags: [], octets: plainMessage.octets })),
});

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const literal8 = (octets: Uint8Array): string => `~{${octets.length}}\r\n${latin1(octets)}`;

/** A string of a response, in one of the forms that are right for it; the text is taken in UTF-8. */
function stringOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  const octets = Buffer.from(text, 'utf8');
  return `{${octets.length}}\r\n${octets.toString('latin1')}`;
}

export class World {
  readonly boxes: Map<string, Box>;
  readonly keys = new Map<string, { readonly public: Uint8Array; readonly private: Uint8Array | null }>();
  readonly signets = new Map<string, Uint8Array>();
  selected: string | null = null;

  constructor(
    boxes: Readonly<Record<string, Box>>,
    readonly capabilities: readonly string[],
  ) {
    this.boxes = new Map(Object.entries(boxes));
  }

  get box(): Box | null {
    return this.selected === null ? null : (this.boxes.get(this.selected) ?? null);
  }

  /** What a right server says: lines without their ends, the completion last. */
  answer({ tag, command }: Pick<Heard, 'tag' | 'command'>): string[] {
    const said = command === null ? 'BAD What is this?' : this.#carryOut(command);
    if (typeof said === 'string') return [`${tag} ${said}`];
    return [...said, `${tag} ${completionOf(command)}`];
  }

  /** Data, with OK to follow; or a completion without data. */
  #carryOut(command: Command): string[] | string {
    switch (command.name) {
      case 'CAPABILITY':
        return [`* CAPABILITY ${this.capabilities.join(' ')}`];
      case 'LOGOUT':
        return ['* BYE Until then.'];
      case 'SELECT':
      case 'EXAMINE':
        return this.#select(command.mailbox);
      case 'CREATE':
        if (this.boxes.has(command.mailbox)) return 'NO It is there.';
        this.boxes.set(command.mailbox, boxOf([]));
        return [];
      case 'DELETE':
        return this.boxes.delete(command.mailbox) ? [] : 'NO It is not there.';
      case 'RENAME':
        return this.#rename(command.from, command.to);
      case 'LIST':
        return [...this.boxes.keys()].map((name) => `* LIST () "/" ${stringOf(name)}`);
      case 'STATUS':
        return this.#status(command.mailbox, command.items);
      case 'APPEND':
        return this.#append(command);
      case 'COPY':
        return this.#copy(command);
      case 'FETCH':
        return this.#numbered(command).map((number) => this.fetchLine(number, itemsOf(command), command.uid));
      case 'STORE':
        return this.#store(command);
      case 'EXPUNGE':
        return this.#expunge();
      case 'SEARCH':
        return [this.#search(command.uid)];
      case 'SUBMIT':
        return this.#submit(command);
      case 'CLOSE':
        this.#expunge();
        this.selected = null;
        return [];
      default:
        return this.#carryOutRing(command);
    }
  }

  /** One FETCH response about the message of that number. */
  fetchLine(number: number, items: readonly FetchItem[], withUid = false): string {
    const mail = this.box?.mails[number - 1];
    if (mail === undefined) return `* ${number} FETCH (FLAGS ())`;
    const values = items.filter(({ item }) => item !== 'UID').map((item) => itemText(mail, item));
    if (withUid || values.length < items.length) values.unshift(`UID ${mail.uid}`);
    return `* ${number} FETCH (${values.join(' ')})`;
  }

  #select(name: string): string[] | string {
    const box = this.boxes.get(name);
    this.selected = box === undefined ? null : name;
    if (box === undefined) return 'NO It is not there.';
    return [
      `* FLAGS (${systemFlags.join(' ')})`,
      `* ${box.mails.length} EXISTS`,
      `* OK [UIDVALIDITY ${box.uidValidity}] .`,
      `* OK [UIDNEXT ${box.uidNext}] .`,
      `* OK [PERMANENTFLAGS (${systemFlags.join(' ')} \\*)] .`,
    ];
  }

  #rename(from: string, to: string): string[] | string {
    const box = this.boxes.get(from);
    if (box === undefined || this.boxes.has(to)) return 'NO It cannot be.';
    this.boxes.delete(from);
    this.boxes.set(to, box);
    return [];
  }

  #status(name: string, items: readonly string[]): string[] | string {
    const box = this.boxes.get(name);
    if (box === undefined) return 'NO It is not there.';
    const values: Readonly<Record<string, number>> = {
      MESSAGES: box.mails.length,
      UIDNEXT: box.uidNext,
      UIDVALIDITY: box.uidValidity,
      UNSEEN: box.mails.filter(({ flags }) => !flags.includes('\\Seen')).length,
    };
    return [`* STATUS ${stringOf(name)} (${items.map((item) => `${item} ${values[item] ?? 0}`).join(' ')})`];
  }

  #append({ mailbox, flags, message }: Extract<Command, { readonly name: 'APPEND' }>): string[] | string {
    const box = this.boxes.get(mailbox);
    if (box === undefined) return 'NO [TRYCREATE] It is not there.';
    add(box, { flags, octets: message.octets ?? new Uint8Array(0) });
    return mailbox === this.selected ? [`* ${box.mails.length} EXISTS`] : [];
  }

  #copy(command: Extract<Command, { readonly name: 'COPY' }>): string[] | string {
    const box = this.boxes.get(command.mailbox);
    if (box === undefined) return 'NO [TRYCREATE] It is not there.';
    for (const number of this.#numbered(command)) {
      const mail = this.box?.mails[number - 1];
      if (mail !== undefined) add(box, mail);
    }
    return command.mailbox === this.selected ? [`* ${box.mails.length} EXISTS`] : [];
  }

  #store(command: Extract<Command, { readonly name: 'STORE' }>): string[] {
    const { change } = command;
    return this.#numbered(command).flatMap((number) => {
      const mail = this.box?.mails[number - 1];
      if (mail === undefined) return [];
      if (change.item === 'META') return change.silent ? [] : [this.fetchLine(number, [{ item: 'META' }], command.uid)];
      const others = mail.flags.filter((flag) => !change.flags.includes(flag));
      if (change.mode === 'replace') mail.flags = change.flags;
      else mail.flags = change.mode === 'add' ? [...others, ...change.flags] : others;
      return change.silent ? [] : [this.fetchLine(number, [{ item: 'FLAGS' }], command.uid)];
    });
  }

  #expunge(): string[] {
    const said: string[] = [];
    const box = this.box;
    for (let number = box?.mails.length ?? 0; number > 0; number--) {
      if (box?.mails[number - 1]?.flags.includes('\\Deleted') !== true) continue;
      box.mails.splice(number - 1, 1);
      said.push(`* ${number} EXPUNGE`);
    }
    return said;
  }

  /** Whatever is looked for, it is in every message. */
  #search(uid: boolean): string {
    const found = (this.box?.mails ?? []).map((mail, index) => (uid ? mail.uid : index + 1));
    return ['* SEARCH', ...found].join(' ');
  }

  #submit({ uid, number }: Extract<Command, { readonly name: 'SUBMIT' }>): string[] | string {
    const mails = this.box?.mails ?? [];
    const at = uid ? mails.findIndex((mail) => mail.uid === number) : number - 1;
    const mail = mails[at];
    if (mail === undefined) return 'NO It is not there.';
    const open = mail.flags.includes('\\SubmitPending') && !mail.flags.includes('\\Submitted');
    if (!open) return 'NO [SUBMISSIONRACE] It is not yours.';
    mail.flags = [...mail.flags.filter((flag) => flag !== '\\SubmitPending'), '\\Submitted'];
    return [this.fetchLine(at + 1, [{ item: 'UID' }, { item: 'FLAGS' }])];
  }

  #carryOutRing(command: Command): string[] | string {
    switch (command.name) {
      case 'GETKEY': {
        const key = this.keys.get(command.keyId);
        if (key === undefined) return 'NO There is none.';
        return [`* KEY ${stringOf(command.keyId)} (PUBLIC ${literal8(key.public)})`];
      }
      case 'ADDKEY':
        if (this.keys.has(command.keyId)) return 'NO It is there.';
        this.keys.set(command.keyId, command);
        return [];
      case 'DELETEKEY':
        return this.keys.delete(command.keyId) ? [] : 'NO There is none.';
      case 'LISTKEYS':
        return [...this.keys.keys()].map((keyId) => `* KEY ${stringOf(keyId)}`);
      case 'GETSIGNET': {
        const signet = this.signets.get(command.address);
        return signet === undefined
          ? 'NO There is none.'
          : [`* SIGNET ${stringOf(command.address)} ${literal8(signet)}`];
      }
      case 'ADDSIGNET':
        this.signets.set(command.address, command.signet);
        return [];
      case 'DELETESIGNET':
        return this.signets.delete(command.address) ? [] : 'NO There is none.';
      case 'LISTSIGNETS':
        return [...this.signets.keys()].map((address) => `* SIGNET ${stringOf(address)}`);
      default:
        return [];
    }
  }

  /** Sequence numbers of the messages that a command means, ascending. */
  #numbered({ uid, set }: Pick<Extract<Command, { readonly name: 'COPY' }>, 'uid' | 'set'>): number[] {
    const mails = this.box?.mails ?? [];
    const names = mails.map((mail, index) => (uid ? mail.uid : index + 1));
    const meant = resolveSet(set, names.at(-1) ?? 1);
    return names.flatMap((name, index) => (holds(meant, name) ? [index + 1] : []));
  }
}

function add(box: Box, { flags, octets }: Pick<Mail, 'flags' | 'octets'>): void {
  box.mails.push({ uid: box.uidNext, flags, octets });
  box.uidNext += 1;
}

function completionOf(command: Command | null): string {
  if (command?.name === 'SELECT') return 'OK [READ-WRITE] Done.';
  return command?.name === 'EXAMINE' ? 'OK [READ-ONLY] Done.' : 'OK Done.';
}

function itemsOf({ what }: Extract<Command, { readonly name: 'FETCH' }>): readonly FetchItem[] {
  if (typeof what !== 'string') return what;
  const fast = [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'SIZE' }] as const;
  return what === 'FAST' ? fast : [...fast, { item: 'BODYSTRUCTURE' }];
}

function itemText({ uid, flags, octets }: Mail, item: FetchItem): string {
  switch (item.item) {
    case 'UID':
      return `UID ${uid}`;
    case 'FLAGS':
      return `FLAGS (${flags.join(' ')})`;
    case 'INTERNALDATE':
      return 'INTERNALDATE "14-Nov-2015 12:00:00 +0000"';
    case 'SIZE':
      return `SIZE ${octets.length}`;
    case 'META':
      return 'META NIL';
    case 'MODSEQ':
      return `MODSEQ (${uid})`;
    case 'BODYSTRUCTURE':
      return 'BODYSTRUCTURE ((67 80))';
    case 'BODY': {
      const { section, partial } = item;
      const name = section === null ? '' : `${section.type}.${section.index}`;
      if (partial === null) return `BODY[${name}] ${literal8(octets)}`;
      const part = octets.subarray(partial.start, partial.start + partial.count);
      return `BODY[${name}]<${partial.start}> ${literal8(part)}`;
    }
  }
}
