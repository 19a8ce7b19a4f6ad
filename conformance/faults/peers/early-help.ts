/** What the early server says to HELP (section 5.5). */

/** A line on each of its 15 commands: what it does, in words of ours. */
const commands: Readonly<Record<string, string>> = {
  STARTTLS: 'SECURES THE CONNECTION',
  EHLO: 'GREETS',
  'MAIL FROM': 'BEGINS A MESSAGE',
  'RCPT TO': 'NAMES WHERE IT GOES',
  DATA: 'SENDS IT',
  SGNT: 'GIVES A SIGNET',
  HIST: 'GIVES SIGNETS OF A NAME',
  VRFY: 'SAYS WHETHER A FINGERPRINT IS CURRENT',
  STATS: 'GIVES A NONCE',
  HELP: 'GIVES THIS',
  RSET: 'FORGETS THE MESSAGE',
  NOOP: 'DOES NOTHING',
  VERB: 'DOES NOTHING YET',
  MODE: 'NAMES THE PROTOCOL',
  QUIT: 'ENDS THE SESSION',
};

/** The lines of the reply. */
export function helpOn(argument: string): string[] {
  if (argument === '') {
    return ['214-AVAILABLE COMMANDS', ...Object.keys(commands).map((name) => `214-${name}`), '214 OK'];
  }
  const line = commands[argument.toUpperCase()];
  if (line === undefined) return [`214 HELP SPECIFIED INVALID COMMAND: ${argument}`];
  return [`214-${argument}`, `214-${line}`, '214 OK'];
}
