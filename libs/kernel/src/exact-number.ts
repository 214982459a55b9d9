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

/**
 * Compares two JSON numbers exactly: negative when `left` is smaller, positive when it is greater, else 0. Takes linear
 * time.
 */
export function compareDecimals(left: string, right: string): number {
  const [one, other] = [partsOf(left), partsOf(right)];
  if (one.sign !== other.sign) return one.sign - other.sign;
  if (one.sign === 0) return 0;
  const magnitude =
    one.magnitude === other.magnitude
      ? compareTexts(one.digits, other.digits)
      : one.magnitude - other.magnitude;
  return magnitude * one.sign;
}

/** The sign, the digits without zeros at either end, and the power of ten above the first digit. */
function partsOf(text: string): {
  readonly sign: number;
  readonly digits: string;
  readonly magnitude: number;
} {
  const [normal = '', power = '0'] = normalForm(text).split('e', 2);
  if (normal === '0') return { sign: 0, digits: '', magnitude: 0 };
  const sign = normal.startsWith('-') ? -1 : 1;
  const digits = sign < 0 ? normal.slice(1) : normal;
  return { sign, digits, magnitude: Number(power) + digits.length };
}

/** Digits after a common decimal point: `15` is less than `2`, and less than `151`. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
