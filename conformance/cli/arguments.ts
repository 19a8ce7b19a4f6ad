/** Readers of option values: each refuses what it cannot use, and commander prints why. */
import { InvalidArgumentError } from 'commander';
import type { Level } from '../../reports/report.js';

/** A whole number from `least` on. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Not a whole number from ${least}${most < 2 ** 53 - 1 ? ` to ${most}` : ''} on.`);
    }
    return value;
  };
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:25`, `mail.example:25`, `[::1]:25`. */
export function hostAndPort(text: string): HostAndPort {
  const [, bracketed, plain, port = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new InvalidArgumentError('Not HOST:PORT; an IPv6 address stands in square brackets.');
  }
  return { host, port: Number(port) };
}

/** An option that may be given several times; each text is taken as it is. */
export function texts(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** An option that may be given several times, or once with commas. */
export function list(text: string, before: readonly string[] = []): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.some((word) => word === '')) throw new InvalidArgumentError('An empty word.');
  return [...before, ...words];
}

const levels: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];

export function levelList(text: string, before: readonly Level[] = []): Level[] {
  return [
    ...before,
    ...list(text).map((word) => {
      const level = levels.find((known) => known === word.toUpperCase());
      if (level === undefined) throw new InvalidArgumentError(`"${word}" is none of ${levels.join(', ')}.`);
      return level;
    }),
  ];
}
