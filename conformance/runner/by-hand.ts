/** The exchange of a transcript as commands that a person can type: openssl, dig, curl, or a line for the adapter. */
import type { TranscriptEvent } from '../../reports/report.js';
import type { Target } from '../target/target.js';

/** Longer exchanges are not for typing. */
const mostSent = 20;
const longestSent = 1000;

export function handsOn(events: readonly TranscriptEvent[], target: Target): string[] {
  return [
    ...dmtpByHand(events, target),
    ...dnsByHand(events, target),
    ...stacieByHand(events),
    ...adapterByHand(events, target),
  ];
}

function dmtpByHand(events: readonly TranscriptEvent[], { profile }: Target): string[] {
  if (profile.dmtp === null) return [];
  const { host, port, name } = profile.dmtp;
  const connections = [
    ...new Set(events.filter((event) => event.event === 'connected').map((event) => event.connection)),
  ];
  return connections.flatMap((connection) => {
    const own = events.filter((event) => event.connection === connection);
    const at = own.findIndex((event) => event.event === 'secured');
    // After STARTTLS there is no typing on: what can be tried by hand ends with it.
    const upgraded = own.slice(0, Math.max(at, 0)).some((event) => event.event === 'sent');
    const sent = (upgraded ? own.slice(0, at) : own).filter((event) => event.event === 'sent');
    if (sent.length === 0 || sent.length > mostSent) return [];
    if (sent.some((event) => event.text.length > longestSent || event.octets !== undefined)) return [];
    const typed = sent.map((event) => `printf ${shellWord(event.text)}; sleep 1`).join('; ');
    const { plain } = profile;
    const onPlainPort = plain !== undefined && own[0]?.text === `${plain.host}:${plain.port}`;
    const client =
      at !== -1 && !upgraded
        ? `openssl s_client -quiet -no_ign_eof -connect ${bracketed(host)}:${port} -servername ${name}`
        : onPlainPort
          ? `nc ${plain.host} ${plain.port}`
          : `nc ${host} ${port}`;
    return [`(sleep 1; ${typed}) | ${client}`];
  });
}

function dnsByHand(events: readonly TranscriptEvent[], { profile }: Target): string[] {
  if (profile.dns === null) return [];
  const { host, port } = profile.dns;
  return events
    .filter((event) => event.event === 'query')
    .slice(0, mostSent)
    .flatMap((event) => {
      const match = /^(\w+) (\S+) over (udp|tcp)$/.exec(event.text);
      return match === null
        ? []
        : [`dig @${host} -p ${port} ${match[1]} ${match[2]}${match[3] === 'tcp' ? ' +tcp' : ''}`];
    });
}

function stacieByHand(events: readonly TranscriptEvent[]): string[] {
  const requests = events.filter((event) => event.event === 'request' && event.connection > 0);
  if (requests.length > mostSent) return [];
  return requests.flatMap(({ text, octets }) => {
    const match = /^POST (https:\S+)\n([ -~]*)$/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined || octets !== undefined) return [];
    return [`curl -sk -H 'Content-Type: application/json' --data-binary ${quoted(match[2])} ${quoted(match[1])}`];
  });
}

/** A client that is sent to servers of the suite's own: they are gone when somebody types this. */
const asksTheSuite = /"(?:dns|endpoint)":["{]/;

function adapterByHand(events: readonly TranscriptEvent[], { adapterCommand }: Target): string[] {
  if (adapterCommand === null) return [];
  // Requests to a STACIE server have a number, those to the adapter none.
  const requests = events.filter((event) => event.event === 'request' && event.connection === 0);
  if (requests.length === 0 || requests.length > mostSent) return [];
  if (requests.some(({ octets, text }) => octets !== undefined || asksTheSuite.test(text))) return [];
  const lines = requests.map((event) => `printf '%s\\n' ${quoted(event.text.trimEnd())}`).join('; ');
  return [`(${lines}) | ${adapterCommand.map((word) => (/^[\w./=-]+$/.test(word) ? word : quoted(word))).join(' ')}`];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** A format for printf: every octet that a shell or a terminal could take for something else is escaped. */
function shellWord(text: string): string {
  const format = text.replace(/[^ -~]|['%\\]/g, (character) => {
    if (character === '\r') return '\\r';
    if (character === '\n') return '\\n';
    if (character === '%') return '%%';
    if (character === '\\') return '\\\\';
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `'${format}'`;
}
