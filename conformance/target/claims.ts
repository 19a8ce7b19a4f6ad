/** Which classes a target is scored for when its file does not say. */
const byEndpoint = {
  dmtp: ['dmtp-server', 'transport-security', 'robustness'],
  dns: ['record'],
  adapter: ['record', 'dmtp-codec'],
} as const;

/** Every class that at least one of the endpoints allows, in the order of the catalogue. */
export function claimsOf(endpoints: readonly (keyof typeof byEndpoint)[]): string[] {
  const all: string[] = endpoints.flatMap((endpoint) => [...byEndpoint[endpoint]]);
  return ['record', 'dmtp-codec', 'dmtp-server', 'transport-security', 'robustness'].filter((id) => all.includes(id));
}
