/** Writes the replies of the tables in replies.ts and numbered-codes.ts. */
import { formatReply } from '../../grammar/dmtp.js';
import { type NumberedReply, numberedReplies } from './numbered-codes.js';
import { type CanonicalReply, type ReplyRow, replies } from './replies.js';

export type ReplyName = CanonicalReply | NumberedReply;

export interface ReplyContext {
  readonly host: string;
  readonly software: string;
  readonly limit: number;
  readonly numberedCodes: boolean;
}

/** Lines put before the last text of a reply. */
export type ReplyWriter = (name: ReplyName, values?: Readonly<Record<string, string>>, lines?: string[]) => string;

/** Makes the function that writes replies. Those that never vary are written once. */
export function createReplyWriter({ host, software, limit, numberedCodes }: ReplyContext): ReplyWriter {
  const own = { host, software, limit: String(limit) };
  const written = new Map<ReplyName, string>();
  const rows = new Map<ReplyName, Template>();
  const write: ReplyWriter = (name, values = {}, lines = []) => {
    const row = rows.get(name) ?? template(replyRow(name, numberedCodes));
    rows.set(name, row);
    const { code, texts } = row;
    const all = { ...own, ...values };
    const filled = texts.map((text) => fill(text, all));
    return formatReply(code, [...filled.slice(0, -1), ...lines, ...filled.slice(-1)]);
  };
  return (name, values, lines) => {
    if (values !== undefined || lines !== undefined) return write(name, values, lines);
    const known = written.get(name) ?? write(name);
    written.set(name, known);
    return known;
  };
}

function replyRow(name: ReplyName, numberedCodes: boolean): ReplyRow {
  const canonical: Partial<ReplyRow> = name in replies ? replies[name as CanonicalReply] : {};
  const { code, texts } = numberedCodes ? { ...canonical, ...numberedReplies[name] } : canonical;
  if (code === undefined || texts === undefined) throw new Error(`reply ${name} belongs to another reading`);
  return { code, texts };
}

/** A row with its texts cut at their places: literal, key, literal, key... */
interface Template {
  readonly code: number;
  readonly texts: readonly (readonly string[])[];
}

function template({ code, texts }: ReplyRow): Template {
  return { code, texts: texts.map((text) => text.split(/\{(\w+)\}/)) };
}

function fill(parts: readonly string[], values: Readonly<Record<string, string>>): string {
  let filled = '';
  for (const [index, part] of parts.entries()) {
    const value = index % 2 === 0 ? part : values[part];
    if (value === undefined) throw new Error(`a reply text lacks a value for ${part}`);
    filled += value;
  }
  return filled;
}
