import { toTime } from './values.js';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** The fields of an instant in a time zone. */
function fieldsOf(time: number, timezone: string): Readonly<Record<string, number>> {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
}

const monthName = (month: number, style: 'long' | 'short') =>
  new Intl.DateTimeFormat('en-US', { month: style, timeZone: 'UTC' }).format(Date.UTC(2000, month - 1, 1));

/** Tokens of both alphabets that have one meaning each. Longer tokens are listed before their beginnings. */
const tokens = {
  luxon: /yyyy|yy|LLLL|LLL|LL|L|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|a|'[^']*'/g,
  moment: /YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|A|a|X|x|\[[^\]]*\]/g,
} as const;

/** A date as text by the tokens of Luxon (n8n) or Moment (Make), which mean different things by `DD` and `dd`. */
export function dateText(
  value: unknown,
  format: string,
  alphabet: keyof typeof tokens,
  timezone = 'UTC',
): string {
  const time = toTime(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = fieldsOf(time, timezone);
  return format.replaceAll(tokens[alphabet], (token) => {
    if (/^['[]/.test(token)) return token.slice(1, -1);
    if (token === 'X') return String(Math.trunc(time / 1000));
    if (token === 'x') return String(time);
    if (token === 'a' || token === 'A') {
      const word = hour < 12 ? 'AM' : 'PM';
      return alphabet === 'moment' && token === 'a' ? word.toLowerCase() : word;
    }
    const letter = token.charAt(0);
    if (letter === 'y' || letter === 'Y') return token.length === 2 ? pad(year % 100) : pad(year, 4);
    if (letter === 'L' || letter === 'M') {
      if (token.length > 2) return monthName(month, token.length === 4 ? 'long' : 'short');
      return token.length === 2 ? pad(month) : String(month);
    }
    const twelve = hour % 12 === 0 ? 12 : hour % 12;
    const number =
      letter === 'd' || letter === 'D'
        ? day
        : letter === 'H'
          ? hour
          : letter === 'h'
            ? twelve
            : letter === 'm'
              ? minute
              : second;
    return token.length === 2 ? pad(number) : String(number);
  });
}

const unitMs = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
} as const;

/** A unit that has one length in every time zone and month. */
export type FixedUnit = keyof typeof unitMs;

/** An instant later, or earlier for a negative amount. */
export function later(value: unknown, amount: number, unit: FixedUnit): Date {
  return new Date(toTime(value) + amount * unitMs[unit]);
}
