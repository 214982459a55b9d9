const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `06 Nov 1994 08:49:37 GMT` and `06-Nov-94 08:49:37 GMT`, after the name of the day. */
const dayFirst =
  /^(\d{1,2})[ -]([a-z]{3})[ -](\d{2}|\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: (?:gmt|utc|z|[+-]0000))$/;
/** `Nov  6 08:49:37 1994`, the format of asctime in C, read as UTC. */
const monthFirst = /^([a-z]{3}) (\d{1,2}) (\d{1,2}):(\d{2}):(\d{2}) (\d{4})(?: (?:gmt|utc))?$/;
const iso = /^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:z|[+-]\d{2}:?\d{2})$/;
const dayName = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? /;

/**
 * Reads a moment as epoch milliseconds: the three forms of RFC 9110 (section 5.6.7), and ISO 8601 with a zone. Anything else
 * is `undefined`. `Date.parse` is not used for those texts, because it makes a date of almost any text.
 */
export function dateOf(text: string, nowMs: number): number | undefined {
  if (text.length > 64) return undefined;
  const words = text.toLowerCase().split(' ');
  const plain = words.filter((word) => word !== '').join(' ');
  if (iso.test(plain)) return valid(Date.parse(plain.toUpperCase().replace(' ', 'T')));
  const date = plain.replace(dayName, '');
  const first = dayFirst.exec(date);
  if (first !== null) {
    const [, day = '', month = '', year = '', ...time] = first;
    return moment(fullYear(year, nowMs), month, day, time);
  }
  const [, month = '', day = '', hour = '', minute = '', second = '', year = ''] =
    monthFirst.exec(date) ?? [];
  return moment(Number(year), month, day, [hour, minute, second]);
}

function moment(year: number, month: string, day: string, time: readonly string[]): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time.map(Number);
  const monthIndex = months.indexOf(month);
  // Second 60 is a leap second; it counts as the second after it.
  if (monthIndex < 0 || Number(day) > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return valid(Date.UTC(year, monthIndex, Number(day), hour, minute, second));
}

/** A two-digit year more than fifty years ahead belongs to the last century (RFC 9110). */
function fullYear(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}

function valid(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
