/** Which classes a target is scored for when its file does not say. */
const byEndpoint = {
  dmtp: ['dmtp-server', 'transport-security', 'robustness'],
  signets: ['dmtp-signet'],
  plain: ['dmtp-dual-mode'],
  dns: ['record'],
  dmap: ['dmap-server', 'dmap-sync', 'dmap-submission', 'dmap-signet'],
  stacie: ['stacie-server'],
  adapter: [
    'record',
    'resolver',
    'signet-codec',
    'message-codec',
    'dmtp-codec',
    'dmtp-client',
    'dmap-client',
    'stacie-derivation',
    'stacie-client',
  ],
} as const;

const inOrder = [
  'record',
  'resolver',
  'signet-codec',
  'message-codec',
  'dmtp-codec',
  'dmtp-server',
  'dmtp-signet',
  'dmtp-dual-mode',
  'dmtp-client',
  'dmap-server',
  'dmap-sync',
  'dmap-submission',
  'dmap-signet',
  'dmap-client',
  'stacie-derivation',
  'stacie-server',
  'stacie-client',
  'transport-security',
  'robustness',
];

/** Every class that at least one of the endpoints, or what is known of the target, allows, in the order of the catalogue. */
export function claimsOf(endpoints: readonly (keyof typeof byEndpoint)[]): string[] {
  const all: string[] = endpoints.flatMap((endpoint) => [...byEndpoint[endpoint]]);
  return inOrder.filter((id) => all.includes(id));
}
