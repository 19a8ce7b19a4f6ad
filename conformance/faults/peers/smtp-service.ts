/** The SMTP that a peer in dual mode gives connections to: RFC 5321's commands, a line at a time; nothing is kept. */

export class SmtpService {
  #inMessage = false;

  /** The reply to a line without its end; null: there is none. `ends`: the connection closes after it. */
  answer(line: string): { readonly text: string; readonly ends: boolean } | null {
    if (this.#inMessage) {
      if (line !== '.') return null;
      this.#inMessage = false;
      return { text: '250 2.0.0 OK\r\n', ends: false };
    }
    const text = replyTo(/^[A-Za-z]*/.exec(line)?.[0].toUpperCase() ?? '');
    this.#inMessage = text.startsWith('354');
    return { text, ends: text.startsWith('221') };
  }
}

function replyTo(verb: string): string {
  switch (verb) {
    case 'EHLO':
      return '250-smtp.peer.example\r\n250 8BITMIME\r\n';
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return '250 2.0.0 OK\r\n';
    case 'DATA':
      return '354 End data with <CR><LF>.<CR><LF>\r\n';
    case 'QUIT':
      return '221 2.0.0 Bye\r\n';
    case 'VRFY':
      return '252 2.1.5 Try it\r\n';
    case 'AUTH':
    case 'EXPN':
    case 'HELP':
    case 'STARTTLS':
      return '502 5.5.1 Not implemented\r\n';
    default:
      return '500 5.5.2 Unknown command\r\n';
  }
}
