const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const letterE = 0x65;
const lowerCase = 0x20;

/**
 * The index after the JSON number (RFC 8259, section 6) that begins at `start`, or -1 without a number there. Takes linear
 * time and no stack: a regular expression overflows its stack on megabytes of digits.
 */
export function endOfNumber(text: string, start: number): number {
  const first = text.charCodeAt(start) === minus ? start + 1 : start;
  let end = text.charCodeAt(first) === zero ? first + 1 : endOfDigits(text, first);
  if (end === first) return -1;
  if (text.charCodeAt(end) === point) {
    const fraction = endOfDigits(text, end + 1);
    if (fraction > end + 1) end = fraction;
  }
  if ((text.charCodeAt(end) | lowerCase) === letterE) {
    const sign = text.charCodeAt(end + 1);
    const digits = sign === plus || sign === minus ? end + 2 : end + 1;
    const exponent = endOfDigits(text, digits);
    if (exponent > digits) end = exponent;
  }
  return end;
}

function endOfDigits(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(at)) at += 1;
  return at;
}
