/**
 * Parses JSON without a loss of digits: an integer that a JavaScript number cannot hold becomes its text. Providers use
 * such integers as ids, and a rounded id is the id of something else.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(longNumber.test(text) ? quoteLargeIntegers(text) : text) as unknown;
}

/** Every integer beyond 2^53 − 1 has 16 digits or more. */
const longNumber = /\d{16}/;

/** Reads the text once, from the beginning to the end. */
function quoteLargeIntegers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const sign = text.charCodeAt(at);
    if (sign === quote) {
      at = endOfString(text, at);
    } else if (sign === minus || isDigit(sign)) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (isLargeInteger(number)) {
        parts.push(text.slice(copied, at), `"${number}"`);
        copied = end;
      }
      at = end;
    } else {
      at++;
    }
  }
  return parts.join('') + text.slice(copied);
}

const quote = 0x22;
const minus = 0x2d;
const backslash = 0x5c;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at + 1;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && '0123456789+-.eE'.includes(text.charAt(at))) at++;
  return at;
}

/** Only a valid JSON integer: anything else stays as it is, and the parser judges it. */
function isLargeInteger(number: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(number) && !Number.isSafeInteger(Number(number));
}
