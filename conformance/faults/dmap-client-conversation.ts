/** The two sides of one connection of a wrong client, in lines: each fault bends one of them. Texts have one character an octet. */

/** What a fault may do, and what it may know. */
export interface Link {
  /** Tag and name of the command that is under way; empty when none is. */
  readonly tag: string;
  readonly name: string;
  /** Of the literal that waits for its continuation request; null when none does. */
  readonly pending: number | null;
  readonly toClient: (text: string) => void;
  readonly toServer: (text: string) => void;
  /** Closes towards the server, as a client that has enough. */
  readonly leave: () => void;
  /** Ends the connection for the client: it stops there. */
  readonly hangUp: () => void;
}

export interface Wrong {
  /** Lines of the client with their ends, and octets of literals. Null: nothing goes out. */
  readonly client?: (text: string, link: Link) => string | null;
  /** Commands of the client, whole, whose literals do not wait. */
  readonly whole?: (text: string, link: Link) => string | null;
  /** Responses of the server, whole. Null: the client does not get it. */
  readonly server?: (text: string, link: Link) => string | null;
  /** Literals of these sizes do not wait. */
  readonly eager?: (size: number) => boolean;
  /** Nothing is protected. */
  readonly clear?: boolean;
}

type Sides = Pick<Link, 'toClient' | 'toServer' | 'leave' | 'hangUp'>;

const header = /~?\{(\d+)\+?\}\r\n$/;
const withoutLiterals = /^(\+|[^*]|\* (OK|NO|BAD|PREAUTH|BYE)\b)/i;

export class Conversation implements Link {
  #fromClient = '';
  #fromServer = '';
  /** Of the literal that comes next from the client. */
  #octets: number | null = null;
  #begun = '';
  #swallow = 0;
  #over = false;
  tag = '';
  name = '';
  pending: number | null = null;

  constructor(
    private readonly wrong: Wrong,
    private readonly sides: Sides,
  ) {}

  // Faults take these out of the link.
  readonly toClient = (text: string): void => this.sides.toClient(text);
  readonly toServer = (text: string): void => this.sides.toServer(text);
  readonly leave = (): void => {
    this.#over = true;
    this.sides.leave();
  };
  readonly hangUp = (): void => {
    this.#over = true;
    this.sides.hangUp();
  };

  fromClient(text: string): void {
    this.#fromClient += text;
    while (!this.#over) {
      const length = this.#octets ?? this.#fromClient.indexOf('\n') + 1;
      if ((this.#octets === null && length === 0) || this.#fromClient.length < length) return;
      const piece = this.#fromClient.slice(0, length);
      this.#fromClient = this.#fromClient.slice(length);
      this.#piece(piece, this.#octets !== null);
    }
  }

  fromServer(text: string): void {
    this.#fromServer += text;
    while (!this.#over) {
      const length = responseLength(this.#fromServer);
      if (length === 0) return;
      const response = this.#fromServer.slice(0, length);
      this.#fromServer = this.#fromServer.slice(length);
      this.#response(response);
    }
  }

  #piece(text: string, literal: boolean): void {
    this.#octets = null;
    const size = literal ? null : header.exec(text)?.[1];
    if (!literal && this.#begun === '' && this.name !== 'AUTHENTICATE') {
      const [tag = '', first = '', second = ''] = text.trimEnd().split(' ', 3);
      this.tag = tag;
      this.name = (first.toUpperCase() === 'UID' ? second : first).toUpperCase();
    }
    if (size !== null && size !== undefined) this.#octets = Number(size);
    const more = this.#octets !== null || literal;
    const whole = this.#begun + text;
    this.#begun = more ? whole : '';
    const waits = this.#octets !== null && this.wrong.whole === undefined && this.wrong.eager?.(this.#octets) !== true;
    const { client = (same: string) => same, whole: bendWhole } = this.wrong;
    if (bendWhole === undefined) this.#pass(client(text, this));
    else if (!more) this.#pass(bendWhole(whole, this));
    if (this.#octets === null) return;
    if (waits) {
      this.pending = this.#octets;
    } else {
      this.#swallow += 1;
      this.toClient('+ Go on.\r\n');
    }
  }

  #pass(text: string | null): void {
    if (text !== null) this.toServer(text);
  }

  #response(text: string): void {
    if (text.startsWith('+') && this.#swallow > 0 && this.name !== 'AUTHENTICATE') {
      this.#swallow -= 1;
      return;
    }
    const bent = this.wrong.server === undefined ? text : this.wrong.server(text, this);
    if (text.startsWith('+')) this.pending = null;
    if (this.tag !== '' && text.startsWith(`${this.tag} `)) {
      this.tag = '';
      this.name = '';
      // A literal that was refused does not come.
      if (this.pending !== null) this.#octets = null;
      if (this.pending !== null) this.#begun = '';
      this.pending = null;
    }
    if (bent !== null) this.toClient(bent);
  }
}

/** Of the first response in the text; 0 when it is not whole. */
function responseLength(text: string): number {
  let end = text.indexOf('\n') + 1;
  if (end === 0 || withoutLiterals.test(text)) return end;
  for (;;) {
    const size = header.exec(text.slice(0, end))?.[1];
    if (size === undefined) return end;
    const from = end + Number(size);
    if (text.length < from) return 0;
    end = text.indexOf('\n', from) + 1;
    if (end === 0) return 0;
  }
}
