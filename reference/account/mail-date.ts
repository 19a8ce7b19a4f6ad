/** Internal dates in eight octets: the day, and the time with its zone. */
import type { CalendarDate } from '../../grammar/dmap-values.js';
import type { InternalDate } from './mail-message.js';

const dayMilliseconds = 86_400_000;
/** Zones are within 14:59 (section 6.6 of the DMAP digest): sign, four bits of hours, six of minutes. */
const zonePattern = /^([+-])(0\d|1[0-4])([0-5]\d)$/;

/** Days since 1970-01-01, negative before: two dates of the calendar compare as their numbers do. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return Math.floor(new Date(0).setUTCFullYear(year, month - 1, day) / dayMilliseconds);
}

/** Time of day and zone in 28 bits. @throws RangeError when the zone is none */
export function packMoment({ hour, minute, second, zone }: InternalDate): number {
  const [, sign, hours, minutes] = zonePattern.exec(zone) ?? [];
  if (sign === undefined) throw new RangeError(`${JSON.stringify(zone)} is no zone`);
  const east = (Number(hours) << 6) | Number(minutes);
  return (Number(sign === '-') << 27) | (east << 17) | (hour << 12) | (minute << 6) | second;
}

/** The zones that were told, by their eleven bits. */
const zones: string[] = [];

/** The date of `dayNumber` and `packMoment`. */
export function unpackDate(day: number, moment: number): InternalDate {
  const zoneBits = moment >>> 17;
  const date = calendarDate(day);
  return {
    year: date.year,
    month: date.month,
    day: date.day,
    hour: (moment >>> 12) & 31,
    minute: (moment >>> 6) & 63,
    second: moment & 63,
    zone: zones[zoneBits] ?? zoneOf(zoneBits),
  };
}

/** Days of the calendar were told lately: most messages of a mailbox share them. A power of two. */
const recentPlaces = 1024;
const recent: { readonly number: number; readonly date: CalendarDate }[] = [];

function calendarDate(number: number): CalendarDate {
  const place = number & (recentPlaces - 1);
  const known = recent[place];
  if (known?.number === number) return known.date;
  const at = new Date(number * dayMilliseconds);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  recent[place] = { number, date };
  return date;
}

function zoneOf(bits: number): string {
  const zone = `${bits >>> 10 === 1 ? '-' : '+'}${twoDigits((bits >>> 6) & 15)}${twoDigits(bits & 63)}`;
  zones[bits] = zone;
  return zone;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
