/**
 * Whether a JavaScript number holds the exact value of a JSON number. Such a number can be written again without
 * loss.
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  return isSameDecimal(text, String(value));
}

/**
 * Whether two JSON numbers have the same value, such as `1.0` and `1`, `-0` and `0`, or `1e2` and `100`. Takes linear
 * time.
 */
export function isSameDecimal(left: string, right: string): boolean {
  return left === right || normalForm(left) === normalForm(right);
}

/** Sign, digits without zeros at either end, and the power of ten of the last digit. */
function normalForm(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [mantissa = '', exponent = '0'] = text.slice(sign.length).split(/e/i, 2);
  const point = mantissa.indexOf('.');
  const fraction = point < 0 ? '' : mantissa.slice(point + 1);
  const digits = point < 0 ? mantissa : mantissa.slice(0, point) + fraction;
  let from = 0;
  let to = digits.length;
  while (from < to && digits[from] === '0') from += 1;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return '0';
  const power = Number(exponent) - fraction.length + (digits.length - to);
  return `${sign}${digits.slice(from, to)}e${power}`;
}
