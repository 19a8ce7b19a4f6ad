/** One line of help for each command, as `HELP command` gives it (section 12.4 of the DMTP digest). */
import type { Verb } from '../../grammar/dmtp.js';

export const helpTexts: Readonly<Record<Verb, string>> = {
  STARTTLS: 'STARTTLS <host> MODE=DMTPv1 - start TLS with the certificate of that host',
  HELO: 'HELO <domain> - name yourself',
  EHLO: 'EHLO <domain> - name yourself and list the capabilities',
  MODE: 'MODE - tell which protocol is spoken',
  NOOP: 'NOOP - do nothing',
  RSET: 'RSET - drop the transaction',
  HELP: 'HELP [command] - list the commands, or tell about one',
  QUIT: 'QUIT - end the session',
  MAIL: 'MAIL FROM: <origin domain> [fingerprint] SIZE=octets RETURN=FULL|DISPLAY|HEADER DATA=7BIT|8BIT',
  RCPT: 'RCPT TO: <destination domain> [fingerprint] - name where the message goes',
  DATA: 'DATA [commit hash] - send the message, then a line end',
  SGNT: 'SGNT <address or domain> [fingerprint] - fetch the current signet, or the one with that fingerprint',
  HIST: 'HIST <address or domain> [start fingerprint] [stop fingerprint] - fetch a run of signets, oldest first',
  VRFY: 'VRFY <address or domain> [fingerprint] - ask whether a signet is the current one',
  STATS: 'STATS [nonce] - ask for a nonce; no statistics are given',
  VERB: 'VERB - accepted, without effect',
};
