/** The options of each command, as commander gives them. */
import type { MatrixFormat, ReportFormat } from '../../reports/formats.js';
import type { Level } from '../../reports/report.js';
import type { HostAndPort } from './arguments.js';

export interface RunFlags {
  readonly target?: string;
  readonly class: string[];
  readonly only: string[];
  readonly level: Level[];
  readonly runs: number;
  readonly seed?: number;
  readonly replay?: string;
  readonly jobs: number;
  readonly timeout: number;
  readonly caseTimeout: number;
  readonly out?: string;
  readonly format: ReportFormat;
  readonly quiet?: true;
  readonly verbose?: true;
}

export interface ServeFlags {
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly plainPort?: number;
  readonly smtp?: HostAndPort;
  readonly numberedCodes?: true;
  readonly resolver?: HostAndPort;
  readonly anchor: string[];
  readonly dnsPort: number;
  readonly staciePort: number;
  readonly dmapPort: number;
  readonly mode: 'trustful' | 'cautious' | 'paranoid';
  readonly store?: string;
  readonly dir?: string;
  readonly maxMessage: number;
  readonly json?: true;
  readonly log: string;
}

export interface CheckFlags {
  /** Seconds. */
  readonly timeout: number;
  readonly json?: true;
}

export interface ListFlags {
  readonly class: string[];
  readonly level: Level[];
  readonly json?: true;
}

export interface RenderFlags {
  readonly format: ReportFormat;
  readonly output?: string;
  readonly verbose?: true;
}

export interface MatrixFlags {
  readonly format: MatrixFormat;
  readonly output?: string;
}
