/** Where an endpoint is, for people: `127.0.0.1:26`, `[::1]:26`. */
export function addressText({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
