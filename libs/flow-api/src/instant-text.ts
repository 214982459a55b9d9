const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?))?$/;

/**
 * The milliseconds of an instant in ISO 8601 or RFC 3339: `2026-03-05`, which is midnight in UTC, or a day and a time
 * with an offset. Undefined for anything else: a time without an offset is another instant in each time zone, and
 * `01/02/2026` is another day in each country.
 */
export function instantOf(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = match;
  const fields = [year, month, day, hour, minute, second].map((field) => Number(field ?? 0));
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  const local = new Date(0);
  local.setUTCFullYear(y, mo - 1, d);
  local.setUTCHours(h, mi, s, Math.trunc(Number(`0.${fraction ?? '0'}`) * 1000));
  const read = [
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  // A day such as February 30 would become a day of March.
  if (read.some((field, index) => field !== fields[index])) return undefined;
  const [offsetHours, offsetMinutes] = [Number(offsetHour ?? 0), Number(offsetMinute ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  return local.getTime() - (sign === '-' ? -offset : offset);
}
