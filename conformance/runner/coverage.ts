/** Which parts of the grammars the texts of a run went through. */
import { GrammarCoverage } from '../../grammar/coverage.js';
import type { CoverageResult } from '../../reports/report.js';

const replyRules = [
  'BannerReply',
  'StartTlsReply',
  'SecuredReply',
  'EhloReply',
  'ModeReply',
  'ContinueReply',
  'StoredReply',
  'NumberedStoredReply',
  'SignetReply',
  'VerifyReply',
  'HistoryReply',
  'StatsReply',
  'HelpReply',
  'RefusalReply',
] as const;

/** Longer texts are signets and floods: they go through the same rules as short ones. */
const longestCounted = 2048;

/** A wrong command is tried as a breach too: the run shows which kinds of breach it sent. */
export class CommandLineCoverage {
  readonly #dmtp = new GrammarCoverage('dmtp', ['CommandLine', 'Breach', 'Reply', ...replyRules]);
  readonly #record = new GrammarCoverage('record', ['Record']);

  command(line: string): void {
    if (line.length > longestCounted) return;
    if (!this.#dmtp.record('CommandLine', line)) this.#dmtp.record('Breach', line);
  }

  reply(text: string): void {
    if (text.length > longestCounted) return;
    if (!this.#dmtp.record('Reply', text)) return;
    for (const rule of replyRules) this.#dmtp.record(rule, text);
  }

  record(text: string): void {
    if (text.length <= longestCounted) this.#record.record('Record', text);
  }

  /** One entry a grammar of which at least one text was seen. */
  results(): CoverageResult[] {
    return [this.#dmtp.summary(), this.#record.summary()].filter((result) => result.rules.hit > 0);
  }
}
