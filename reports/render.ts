/** Every rendering of a report by name. */
import { type ConsoleOptions, renderConsole } from './console.js';
import type { ReportFormat } from './formats.js';
import { type HtmlOptions, renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { type MarkdownOptions, renderMarkdown } from './markdown.js';
import type { Report } from './report.js';
import { serializeReport } from './serialize.js';

export { type ReportFormat, reportFileNames, reportFormats } from './formats.js';

export interface RenderOptions {
  readonly console?: Partial<ConsoleOptions>;
  readonly markdown?: MarkdownOptions;
  readonly html?: HtmlOptions;
}

/**
 * Renders a report that validateReport has taken. A pure function: the same report and options give the same text, which
 * ends with a line feed.
 *
 * @throws ReportError from `json` when it is no whole report
 */
export function renderReport(report: Report, format: ReportFormat, options: RenderOptions = {}): string {
  switch (format) {
    case 'console':
      return renderConsole(report, { colour: false, width: 100, verbose: false, ...options.console });
    case 'markdown':
      return renderMarkdown(report, options.markdown);
    case 'junit':
      return renderJunit(report);
    case 'html':
      return renderHtml(report, options.html);
    case 'json':
      return serializeReport(report);
  }
}
