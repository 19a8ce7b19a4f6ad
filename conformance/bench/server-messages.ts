/** What the benchmark and its server processes say to each other. */

/**
 * `reference`: ours. `echo`, `nod`: node:tls with hardly anything on it. `smtp`: nodemailer's smtp-server. `dns2`: dns2
 * without any records. `dmap`: our DMAP server with the mailboxes of dmap-server.ts. `octets`: node:tls that sends as many
 * octets as it is asked for.
 */
export type ServerKind = 'reference' | 'echo' | 'nod' | 'smtp' | 'dns2' | 'dmap' | 'octets';

/** In memory, or in one SQLite file. */
export type MailKind = 'memory' | 'SQLite';

export interface ServerOrder {
  readonly kind: ServerKind;
  /** Holds key and certificate; the reference makes them there, the others take them from there. */
  readonly folder: string;
  /** Of the reference: the largest message in octets. */
  readonly messageOctets?: number;
  /** Of the reference: messages stay where it keeps them, instead of being forgotten once they are whole. */
  readonly keepMessages?: boolean;
  /** Of the reference: messages are judged, not taken as they come. */
  readonly judges?: boolean;
  /** Of DMAP: where its mail lies. */
  readonly mail?: MailKind;
}

/** To the server: from now on watch the memory; tell how much it grew since. */
export type ServerQuestion = 'watch memory' | 'tell memory';

/** Mail from the sample origin that a judge takes. */
export interface BenchLetter {
  /** The message, in base64. */
  readonly message: string;
  readonly origin: string;
  readonly fingerprints: { readonly origin: string; readonly destination: string };
}

interface Ready {
  readonly kind: 'ready';
  /** 0 for a port that there is not. */
  readonly port: number;
  readonly dnsPort: number;
  /** Of the reference: the DS record that its zones can be proven by. */
  readonly trustAnchor?: string;
  /** Of a reference that judges. */
  readonly letter?: BenchLetter;
}

export type ServerAnswer =
  | Ready
  | { readonly kind: 'watching' }
  /** Octets of resident memory: at the beginning of the watch, and the most since. */
  | { readonly kind: 'memory'; readonly before: number; readonly peak: number }
  | { readonly kind: 'failed'; readonly reason: string };

export const domain = 'bench.example';
