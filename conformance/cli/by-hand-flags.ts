/** The options of the commands that explain, make and check things by hand, as commander gives them. */
import type { Form, Profile } from '../../reference/formats/signet/index.js';
import type { AskedKind } from '../explain/explanation.js';

export interface ExplainFlags {
  readonly as?: AskedKind;
  readonly profile?: Profile;
  readonly organization?: string;
  readonly previous?: string;
  readonly record?: string;
  readonly keys?: string;
  readonly actor?: 'author' | 'origin' | 'destination' | 'recipient';
  readonly party: string[];
  readonly secrets?: true;
  readonly json?: true;
}

export interface KeysGenerateFlags {
  readonly type: 'organization' | 'user';
  readonly profile: Profile;
  readonly signing?: string;
  readonly output: string;
  readonly binary?: true;
  readonly force?: true;
}

export interface KeysParseFlags {
  readonly profile?: Profile;
  readonly secrets?: true;
  readonly json?: true;
}

export interface KeysCipherFlags {
  readonly realmKey: string;
  readonly output: string;
  readonly binary?: true;
  readonly force?: true;
}

interface SignetOutputFlags {
  readonly output?: string;
  readonly binary?: true;
  readonly force?: true;
}

export interface RequestFlags extends SignetOutputFlags {
  readonly keys: string;
  readonly profile?: Profile;
  readonly previousKeys?: string;
  readonly previous?: string;
}

export interface SignFlags extends SignetOutputFlags {
  readonly keys: string;
  readonly as: Form;
  readonly identifier?: string;
  readonly field: string[];
  readonly organization?: string;
  readonly previous?: string;
  readonly trustCustody?: true;
}

export interface OrganizationFlags extends SignetOutputFlags {
  readonly keys: string;
  readonly profile?: Profile;
  readonly as: Form;
  readonly identifier?: string;
  readonly field: string[];
  readonly secondary: string[];
}

export interface SplitFlags extends SignetOutputFlags {
  readonly as: Form;
  readonly profile?: Profile;
}

export interface VerifyFlags {
  readonly profile?: Profile;
  readonly organization?: string;
  readonly previous?: string;
  readonly record?: string;
  readonly json?: true;
}

export interface FingerprintFlags {
  readonly profile?: Profile;
  readonly kind?: 'signing-request' | Form;
  readonly hex?: true;
  readonly json?: true;
}

export interface MakeFlags {
  readonly primary: string[];
  readonly keys?: string;
  readonly certificate: string[];
  readonly tls: string[];
  readonly deliver: string[];
  readonly policy: 'experimental' | 'mixed' | 'strict';
  readonly subdomain: 'strict' | 'relaxed' | 'explicit';
  readonly expiry: number;
  readonly syndicates?: string;
  readonly zone?: string;
  readonly output?: string;
  readonly force?: true;
}

export interface RecordVerifyFlags {
  readonly certificate?: string;
  readonly json?: true;
}

export interface SignCertificateFlags {
  readonly keys: string;
}
