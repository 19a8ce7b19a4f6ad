/** Dates of DMAP (DMAP-I-64): from what the grammar gives, as text, and as seconds. */
import { DmapValueError } from './dmap-error.js';
import type { CalendarDate, DateTime } from './dmap-values.js';

export interface RawDate {
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly offset: number;
}

export interface RawDateTime extends RawDate {
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly zone: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @throws DmapValueError when there is no such day */
export function dateOf(raw: RawDate): CalendarDate {
  const date = { year: Number(raw.year), month: monthOf(raw.month), day: Number(raw.day) };
  if (isCalendarDate(date)) return date;
  throw new DmapValueError(
    `there is no day ${raw.day.trim()}-${raw.month}-${raw.year} in the calendar`,
    'DMAP-I-64',
    raw.offset,
  );
}

/** @throws DmapValueError when there is no such moment */
export function dateTimeOf(raw: RawDateTime): DateTime {
  const { hour, minute, second, zone } = raw;
  const date = { ...dateOf(raw), hour: Number(hour), minute: Number(minute), second: Number(second), zone };
  if (isDateTime(date)) return date;
  const text = `${hour}:${minute}:${second} ${zone}`;
  const right = 'right is at most 23:59:60 and a zone of at most 14 hours and 59 minutes';
  throw new DmapValueError(`there is no time ${text}; ${right}`, 'DMAP-I-64', raw.offset);
}

/** `1-Jan-2020`. @throws RangeError when there is no such day */
export function dateText(date: CalendarDate): string {
  if (!isCalendarDate(date)) throw new RangeError(`no calendar day: ${JSON.stringify(date)}`);
  return `${date.day}-${months[date.month - 1]}-${padded(date.year, 4)}`;
}

/** `" 1-Jan-2020 10:00:00 +0100"` with its quotation marks. @throws RangeError when there is no such moment */
export function dateTimeText(date: DateTime): string {
  return Buffer.from(dateTimeOctets(date)).toString('latin1');
}

/** `" 1-Jan-2020 10:00:00 +0100"`: where its parts go does not depend on them. */
const form = Buffer.from('" 0-Jan-0000 00:00:00 +0000"', 'latin1');
const places = { day: 1, month: 4, century: 8, year: 10, hour: 13, minute: 16, second: 19, zone: 22 };
const zero = 0x30;
const space = 0x20;

/**
 * The same, as octets that are good until the next call.
 *
 * @throws RangeError when there is no such moment
 */
export function dateTimeOctets(date: DateTime): Uint8Array {
  if (!isCalendarDate(date) || !isDateTime(date)) throw new RangeError(`no date and time: ${JSON.stringify(date)}`);
  putTwo(places.day, date.day);
  if (date.day < 10) form[places.day] = space;
  putText(places.month, months[date.month - 1] ?? '');
  putTwo(places.century, (date.year / 100) | 0);
  putTwo(places.year, date.year % 100);
  putTwo(places.hour, date.hour);
  putTwo(places.minute, date.minute);
  putTwo(places.second, date.second);
  putText(places.zone, date.zone);
  return form;
}

function putTwo(at: number, number: number): void {
  const tens = (number / 10) | 0;
  form[at] = zero + tens;
  form[at + 1] = zero + number - 10 * tens;
}

function putText(at: number, text: string): void {
  for (let nth = 0; nth < text.length; nth += 1) form[at + nth] = text.charCodeAt(nth);
}

/** Seconds since 1970. */
export function secondsOf({ year, month, day, hour, minute, second, zone }: DateTime): number {
  // Date.UTC takes years under 100 for those of the last century.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const east = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  return midnight / 1_000 + hour * 3_600 + (minute - east) * 60 + second;
}

/** A moment in UTC. `seconds` since 1970; parts of a second are cut off. */
export function utcDateTime(seconds: number): DateTime {
  const at = new Date(Math.floor(seconds) * 1_000);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    zone: '+0000',
  };
}

function monthOf(text: string): number {
  return months.indexOf(text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()) + 1;
}

function isCalendarDate({ year, month, day }: CalendarDate): boolean {
  return within(year, 0, 9_999) && within(month, 1, 12) && within(day, 1, daysIn(year, month));
}

function isDateTime({ hour, minute, second, zone }: DateTime): boolean {
  return within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 60) && isZone(zone);
}

/** At most those that there are. */
const knownZones = new Set<string>();

function isZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  if (!/^[+-](0[0-9]|1[0-4])[0-5][0-9]$/.test(zone)) return false;
  knownZones.add(zone);
  return true;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
