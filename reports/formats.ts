/** The forms in which a report can be had; apart from the renderers, so that naming them costs nothing. */

export const reportFormats = ['console', 'markdown', 'junit', 'html', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The name of a file with each format, as far as it has one by custom. */
export const reportFileNames: Readonly<Record<ReportFormat, string>> = {
  console: 'report.txt',
  markdown: 'report.md',
  junit: 'junit.xml',
  html: 'report.html',
  json: 'report.json',
};

/** The forms in which a matrix of several reports can be had. */
export const matrixFormats = ['markdown', 'html', 'json'] as const;
export type MatrixFormat = (typeof matrixFormats)[number];
