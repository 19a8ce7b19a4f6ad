/**
 * libdime's client, played from the tables of the DMTP digest (sections 1, 2, 3.1, 4, 5, 5.2, 6 and 7): what it sends octet
 * for octet, and how narrowly it reads.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface Exchange {
  /** Empty where the server speaks first. One character an octet, as `received`. */
  readonly sent: string;
  readonly received: string;
}

/** What the client calls a failure. */
export class LibdimeFailure extends Error {
  override readonly name = 'LibdimeFailure';
}

interface Place {
  readonly port: number;
  /** The name of the DX. */
  readonly dx: string;
}

interface Reply {
  readonly code: number;
  readonly text: string;
}

/** The buffer for a line, but for its last octet. */
const longestLine = 4095;
const patienceMs = 10_000;
/** Section 1: one suite, which TLS 1.2 has; no client certificate; a stapled OCSP answer asked for and not used. */
const tlsWishes = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
  ciphers: 'ECDHE-RSA-AES256-GCM-SHA384',
  requestOCSP: true,
  // Certificates are judged after the handshake, by the management record.
  rejectUnauthorized: false,
} as const;

export class LibdimeClient {
  readonly exchanges: Exchange[] = [];
  #unread = '';
  #sent = '';
  #received = '';
  #ended = false;
  #stream: Socket;

  private constructor(stream: Socket) {
    this.#stream = stream;
    this.#hear(stream);
  }

  /** TLS from the first octet, with the name of the DX in the handshake. */
  static async onTlsPort({ port, dx }: Place): Promise<LibdimeClient> {
    const secure = connectTls({ host: '127.0.0.1', port, servername: dx, ...tlsWishes });
    const client = new LibdimeClient(secure);
    await once(secure, 'secureConnect');
    await client.#banner();
    return client;
  }

  /** Plain, then STARTTLS, and no name in the handshake. */
  static async onDualPort({ port, dx }: Place): Promise<LibdimeClient> {
    const raw = connect({ host: '127.0.0.1', port });
    const client = new LibdimeClient(raw);
    await once(raw, 'connect');
    await client.#banner();
    await client.#ask(`STARTTLS <${dx}> MODE=DMTPv1`, true);
    raw.removeAllListeners('data');
    const secure = connectTls({ socket: raw, servername: '', ...tlsWishes });
    client.#stream = secure;
    client.#hear(secure);
    await once(secure, 'secureConnect');
    const { text } = client.#succeeded(await client.#reply(false));
    const mode = /^OK[ \t]+(.*)$/.exec(text)?.[1];
    if (mode?.toLowerCase() !== 'dmtpv1') throw new LibdimeFailure(`mode after STARTTLS: ${text}`);
    return client;
  }

  /** What came and was not read: answers that the client would take for those to its next commands. */
  get unread(): string {
    return this.#unread;
  }

  get tls(): TLSSocket {
    return this.#stream as TLSSocket;
  }

  ehlo = (domain: string): Promise<Reply> => this.#ask(`EHLO <${domain}>`, true);
  noop = (): Promise<Reply> => this.#ask('NOOP');
  rset = (): Promise<Reply> => this.#ask('RSET');
  help = async (): Promise<string> => (await this.#ask('HELP', true)).text;

  async mode(): Promise<string> {
    const { text } = await this.#ask('MODE');
    const [ok, mode, ...more] = text.split(/[ \t]+/);
    if (ok !== 'OK' || mode === undefined || more.length > 0) throw new LibdimeFailure(`MODE: ${text}`);
    return mode;
  }

  /** In the place of each fingerprint stands the word (OQ-60). */
  mailFrom = (origin: string, octets: number, more: string): Promise<Reply> =>
    this.#ask(`MAIL FROM: <${origin}> [fingerprint] SIZE=${octets}${more}`);
  rcptTo = (destination: string): Promise<Reply> => this.#ask(`RCPT TO: <${destination}> [fingerprint]`);

  /** Sends the message and a line end; gives the transaction id. */
  async data(message: string): Promise<string> {
    await this.#send('DATA [fingerprint]\r\n');
    const goAhead = await this.#reply(false);
    if (goAhead.code < 300 || goAhead.code > 399 || !/^CONTINUE[ \t]+\[[^\]\s]+\]/i.test(goAhead.text)) {
      throw new LibdimeFailure(`DATA: ${goAhead.code} ${goAhead.text}`);
    }
    await this.#send(`${message}\r\n`);
    const { text } = this.#succeeded(await this.#reply(false));
    const id = /^OK[ \t]+(\[[^\]\s]+\])/i.exec(text)?.[1];
    if (id === undefined) throw new LibdimeFailure(`the message: ${text}`);
    return id;
  }

  /** The binary signet. */
  async signet(name: string, fingerprint?: string): Promise<Buffer> {
    const { text } = await this.#ask(`SGNT <${name}>${fingerprint === undefined ? '' : ` [${fingerprint}]`}`);
    const base64 = /^OK[ \t]*\[(.+)\]$/.exec(text)?.[1];
    if (base64 === undefined) throw new LibdimeFailure(`SGNT: ${text}`);
    return Buffer.from(base64, 'base64');
  }

  /** Null: it is current. Else the newer one, with the brackets that stand round it. */
  async verify(name: string, fingerprint: string): Promise<string | null> {
    const { text } = await this.#ask(`VRFY <${name}> [${fingerprint}]`);
    if (/^CURRENT(?:[ \t]|$)/i.test(text)) return null;
    const newer = /^UPDATE[ \t]+(\S+)$/i.exec(text)?.[1];
    if (newer === undefined) throw new LibdimeFailure(`VRFY: ${text}`);
    return newer;
  }

  /** As the signet tool reads it: a bracketed signet a line, and `OK` at the end. */
  async history(name: string, ...fingerprints: readonly string[]): Promise<Buffer[]> {
    const { text } = await this.#ask(`HIST <${name}>${fingerprints.map((each) => ` [${each}]`).join('')}`, true);
    const lines = text.split('\n');
    if (lines.pop() !== 'OK') throw new LibdimeFailure(`HIST: ${text.slice(-80)}`);
    return lines.map((line) => {
      const base64 = /^\[(.+)\]$/.exec(line)?.[1];
      if (base64 === undefined) throw new LibdimeFailure(`HIST: ${line}`);
      return Buffer.from(base64, 'base64');
    });
  }

  /** Asks again with the nonce, which it sends back unchanged (OQ-62). */
  async stats(): Promise<Reply> {
    const { text } = await this.#ask('STATS', true);
    const nonce = /^ONCE[ \t]+(\[.*\])$/i.exec(text)?.[1];
    return nonce === undefined ? { code: 0, text } : this.#ask(`STATS ${nonce}`, true);
  }

  /** Closes whatever the answer. */
  async quit(): Promise<Reply> {
    try {
      return await this.#ask('QUIT');
    } finally {
      this.#stream.end();
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  async #banner(): Promise<void> {
    const { code, text } = await this.#reply(false);
    const [, ...tokens] = text.split(/[ \t]+/);
    if (code !== 220 || !tokens.includes('DMTPv1')) throw new LibdimeFailure(`banner: ${code} ${text}`);
  }

  async #ask(line: string, several = false): Promise<Reply> {
    await this.#send(`${line}\r\n`);
    return this.#succeeded(await this.#reply(several));
  }

  #succeeded(reply: Reply): Reply {
    if (reply.code < 200 || reply.code > 299) throw new LibdimeFailure(`${reply.code} ${reply.text}`);
    return reply;
  }

  async #send(text: string): Promise<void> {
    this.#sent += text;
    await new Promise<void>((resolve) => this.#stream.write(Buffer.from(text, 'latin1'), () => resolve()));
  }

  /** One line, whatever stands behind its code; or, where several are expected, all up to one without a hyphen there. */
  async #reply(several: boolean): Promise<Reply> {
    const texts: string[] = [];
    let first: number | null = null;
    for (;;) {
      const line = await this.#line();
      const match = (several ? /^(\d+)([- \t])(.*)$/s : /^(\d+)\S*([ \t])(.*)$/s).exec(line);
      const code = Number(match?.[1] ?? 0);
      if (match === null || code === 0 || (first ?? code) !== code) throw new LibdimeFailure(`no reply: ${line}`);
      first = code;
      texts.push(match[3] ?? '');
      if (several && match[2] === '-') continue;
      this.exchanges.push({ sent: this.#sent, received: this.#received });
      this.#sent = '';
      this.#received = '';
      return { code, text: texts.join('\n') };
    }
  }

  /** Up to CRLF; a longer one comes in pieces, the rest as the next line. */
  async #line(): Promise<string> {
    for (;;) {
      const end = this.#unread.indexOf('\r\n');
      if (end !== -1 && end + 2 <= longestLine) return this.#take(end + 2).slice(0, -2);
      if (this.#unread.length >= longestLine) return this.#take(longestLine);
      if (this.#ended) throw new LibdimeFailure(`closed after ${JSON.stringify(this.#unread)}`);
      await once(this.#stream, 'heard', { signal: AbortSignal.timeout(patienceMs) });
    }
  }

  #take(octets: number): string {
    const taken = this.#unread.slice(0, octets);
    this.#unread = this.#unread.slice(octets);
    this.#received += taken;
    return taken;
  }

  #hear(stream: Socket): void {
    stream.on('data', (octets: Buffer) => {
      this.#unread += octets.toString('latin1');
      stream.emit('heard');
    });
    stream.on('error', () => stream.destroy());
    stream.once('close', () => {
      this.#ended = true;
      stream.emit('heard');
    });
  }
}
