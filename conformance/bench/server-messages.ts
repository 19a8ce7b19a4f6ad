/** What the benchmark and its server processes say to each other. */

/**
 * `reference`: ours. `echo`, `nod`: node:tls with hardly anything on it. `smtp`: nodemailer's smtp-server. `dns2`: dns2
 * without any records.
 */
export type ServerKind = 'reference' | 'echo' | 'nod' | 'smtp' | 'dns2';

export interface ServerOrder {
  readonly kind: ServerKind;
  /** Holds key and certificate; the reference makes them there, the others take them from there. */
  readonly folder: string;
  /** Of the reference: the largest message in octets. */
  readonly messageOctets?: number;
  /** Of the reference: messages stay where it keeps them, instead of being forgotten once they are whole. */
  readonly keepMessages?: boolean;
}

/** To the server: from now on watch the memory; tell how much it grew since. */
export type ServerQuestion = 'watch memory' | 'tell memory';

export type ServerAnswer =
  /** 0 for a port that there is not. */
  | { readonly kind: 'ready'; readonly port: number; readonly dnsPort: number }
  | { readonly kind: 'watching' }
  /** Octets of resident memory: at the beginning of the watch, and the most since. */
  | { readonly kind: 'memory'; readonly before: number; readonly peak: number }
  | { readonly kind: 'failed'; readonly reason: string };

export const domain = 'bench.example';
