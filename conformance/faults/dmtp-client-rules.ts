/** The rules of a right DMTP client, of which each fault replaces one. */
import { type ClientRules, everyPair, rightHosts, rightJudgement } from './dmtp-small-client.js';
import type { Envelope } from './dmtp-small-session.js';
import type { SmallWire } from './dmtp-small-wire.js';

const lineEnd = Buffer.from('\r\n');
export const withLineEnd = (message: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([message, lineEnd]));
export const isSuccess = (code: number): boolean => code >= 200 && code <= 299;

/** The envelope with parts of it replaced. */
export const envelopeOf =
  (
    changed: (envelope: Envelope) => Partial<Envelope> & { readonly data?: string } = () => ({}),
  ): ClientRules['envelope'] =>
  (envelope) => {
    const { data, ...parts } = changed(envelope);
    const all = { ...envelope, ...parts };
    return [
      `MAIL FROM: <${all.origin}> [${all.originFingerprint}] SIZE=${all.size}${all.return}`,
      `RCPT TO: <${all.destination}> [${all.destinationFingerprint}]`,
      data ?? `DATA [${all.hash}]`,
    ];
  };

const quit = async (wire: SmallWire): Promise<void> => {
  wire.send('QUIT');
  await wire.reply('QUIT').catch(() => undefined);
  wire.close();
};

export const rightClientRules: ClientRules = {
  lineEnd: '\r\n',
  replyEnd: '\n',
  replyMs: 1_500,
  longestLine: 30_000_000,
  takesMixedCodes: false,
  severalLines: () => true,
  longestCommand: 512,
  keepsPlain: false,
  usesFailedProofs: false,
  hosts: rightHosts,
  addresses: (found) => found,
  connectMs: 5_000,
  serverName: (host, _, port) => (port === 26 ? host : null),
  plainOn26: false,
  greets: (code, text) => code === 220 && text.split(/\s+/).slice(1).includes('DMTPv1'),
  startTls: (host) => [`STARTTLS <${host}> MODE=DMTPv1`],
  withoutTls: 'leave',
  first: [],
  mode: (code, text) => isSuccess(code) && /^OK\s+DMTP(v1)?$/i.test(text),
  certifiedNames: (host) => [host],
  pairs: everyPair,
  secondaryKeys: false,
  judge: rightJudgement,
  judgesWhen: 'first',
  succeeds: isSuccess,
  organizationFirst: true,
  takesWrongOrganizations: false,
  asksTogether: false,
  validatesUsers: true,
  checksCustody: true,
  comparesFingerprints: () => true,
  comparesNames: true,
  states: ['full', 'identifiable'],
  updated: /^UPDATE\s+\[?([A-Za-z0-9+/]{86})\]?$/i,
  envelope: envelopeOf(),
  kind: 'full',
  message: withLineEnd,
  size: (message) => message.length,
  goodbye: quit,
  stopsAtRefusals: true,
};

/** Id, the requirement that it breaks, what it does, and the rules that it has. */
export type Row = readonly [string, string, string, Partial<ClientRules>];
