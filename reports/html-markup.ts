/**
 * Markup that is escaped by construction: a string is always text, and only what `element` made is markup. What comes out
 * is well-formed XML as well as HTML, so that an XML parser can check it.
 */
import { visible, visibleBlock } from './visible.js';

/** A piece of finished markup; only this file makes one. */
export class Markup {
  constructor(readonly source: string) {}
}

export type Content = string | number | Markup | null | readonly Content[];

/** `true` writes the bare attribute, `false` leaves it out. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

const empty: ReadonlySet<string> = new Set(['meta', 'input', 'br']);
/** Their strings keep line feeds, and whoever fills them has cut them. */
const preformatted: ReadonlySet<string> = new Set(['pre']);

/** One element; names of tags and attributes are the renderer's own, never the document's. */
export function element(tag: string, attributes: Attributes, ...content: readonly Content[]): Markup {
  const start = `<${tag}${Object.entries(attributes).map(attribute).join('')}`;
  if (empty.has(tag)) return new Markup(`${start} />`);
  const show = preformatted.has(tag) ? uncutBlock : visible;
  return new Markup(`${start}>${inner(content, show)}</${tag}>`);
}

/** Text that is no element's: the style sheet, which is the renderer's own. */
export function styleElement(css: string): Markup {
  return new Markup(`<style>${css}</style>`);
}

/** An id for a fragment link: different names give different ids, and every character of it is safe in a URL. */
export function anchor(kind: string, name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_-]/g, (character) => `.${character.charCodeAt(0).toString(16)}.`);
  return `${kind}-${safe}`;
}

/** A link within the page; there are no others. */
export function linkTo(kind: string, name: string, ...content: readonly Content[]): Markup {
  return element('a', { href: `#${anchor(kind, name)}` }, ...content);
}

function uncutBlock(text: string): string {
  return visibleBlock(text, Number.POSITIVE_INFINITY);
}

function inner(content: Content, show: (text: string) => string): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'number') return String(content);
  return typeof content === 'string' ? escapeMarkup(show(content)) : content.map((part) => inner(part, show)).join('');
}

function attribute([name, value]: readonly [string, string | number | boolean]): string {
  if (value === false) return '';
  return ` ${name}="${value === true ? '' : escapeMarkup(visible(String(value)))}"`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
