/** What the suite knows of a target before it asks anything: taken from the target file, or from the embedded server. */
import type fc from 'fast-check';
import type { Verb } from '../../grammar/dmtp.js';

export interface TargetLimits {
  /** How long a reply may take, in milliseconds. */
  readonly replyMs: number;
  /** How long a connection with its handshake and greeting may take, in milliseconds. */
  readonly connectMs: number;
  /** After how long a silent connection is ended; null when not known. */
  readonly idleMs: number | null;
  /** The largest message that is taken, in octets; null when not known. */
  readonly messageOctets: number | null;
}

export interface DmtpEndpoint {
  /** Address or name to connect to. */
  readonly host: string;
  readonly port: number;
  /** The DX host name: server name indication, and what the banner should say. */
  readonly name: string;
}

export interface DnsEndpoint {
  readonly host: string;
  readonly port: number;
}

/** A STACIE server: one address, one revision. */
export interface StacieEndpoint {
  readonly host: string;
  readonly port: number;
  /** Path of the address, query included. */
  readonly path: string;
  readonly revision: '00' | '03';
  /** Whose certificates are right there; `none`: that is not judged. */
  readonly trust: 'none' | 'system' | { readonly authorities: string };
  readonly account: {
    readonly username: string;
    /** Behind a function, so that nothing that prints a profile prints it. */
    readonly password: () => string;
  };
  /** Whether the suite may make accounts there. They stay. */
  readonly canRegister: boolean;
}

export interface TargetProfile {
  readonly name: string;
  readonly kind: 'embedded' | 'network' | 'adapter' | 'network+adapter';
  /** The domain whose mail the target takes; null for a target that is no server. */
  readonly domain: string | null;
  /** A domain that it does not serve. */
  readonly foreignDomain: string;
  readonly dmtp: DmtpEndpoint | null;
  readonly dns: DnsEndpoint | null;
  /** STACIE servers, one for each revision at most; none when not given. */
  readonly stacie?: readonly StacieEndpoint[];
  readonly hasAdapter: boolean;
  readonly claims: readonly string[];
  readonly readings: readonly string[];
  readonly limits: TargetLimits;
  /** Commands that are switched off there. */
  readonly disabled: readonly Verb[];
  /** Messages that the target would store, or null when none are known. */
  readonly messages: fc.Arbitrary<Uint8Array> | null;
}
