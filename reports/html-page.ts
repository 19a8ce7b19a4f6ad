/** The frame of an HTML page that opens anywhere: no script, no network, no other file. */
import { type Content, element, type Markup, styleElement } from './html-markup.js';
import { styleSheet } from './html-style.js';

/** Even if a text got through as markup, the browser would load and run nothing. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface PageParts {
  readonly title: string;
  readonly skip: string;
  readonly header: Markup;
  /** Of the element to which the skip link leads. */
  readonly main: Content;
  readonly footer: Markup;
}

/** The whole text of the page. */
export function htmlPage({ title, skip, header, main, footer }: PageParts): string {
  const page = element(
    'html',
    { lang: 'en' },
    element(
      'head',
      {},
      element('meta', { charset: 'utf-8' }),
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'referrer', content: 'no-referrer' }),
      element('title', {}, title),
      styleElement(styleSheet),
    ),
    element(
      'body',
      {},
      element('a', { class: 'skip-link', href: '#main' }, skip),
      header,
      element('main', { id: 'main', tabindex: -1 }, main),
      footer,
    ),
  );
  return `<!DOCTYPE html>\n${page.source}\n`;
}

/** One section with its title; `id` is what links lead to. */
export function pageSection(id: string, title: string, content: Content): Markup {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    content,
  );
}

/** The links to the sections. */
export function pageNavigation(places: readonly (readonly [id: string, title: string])[]): Markup {
  return element(
    'nav',
    { 'aria-label': 'Sections' },
    element(
      'ul',
      {},
      places.map(([id, title]) => element('li', {}, element('a', { href: `#${id}` }, title))),
    ),
  );
}

/** A table that scrolls by itself where the page is too narrow for it. */
export function wideTable(label: string, columns: readonly Content[], rows: readonly Content[]): Markup {
  return element(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': label },
    element(
      'table',
      {},
      element('caption', {}, label),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map((column) => element('th', { scope: 'col' }, column)),
        ),
      ),
      element('tbody', {}, rows),
    ),
  );
}
