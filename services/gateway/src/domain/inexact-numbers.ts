const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/** Whole numbers with fewer digits are exact. */
const exactDigits = 15;

/**
 * Puts quotation marks around numbers of a JSON text that no JavaScript number holds: large whole numbers, such as the ids
 * of some vendors, and numbers beyond its range. Takes one pass. A text that is not JSON stays one.
 */
export function quoteInexactNumbers(json: string): string {
  const pieces: string[] = [];
  let copied = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (isText) {
      if (code === backslash) at += 1;
      else if (code === quote) isText = false;
    } else if (code === quote) {
      isText = true;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(json, at);
      if (isInexact(json, at, end)) {
        pieces.push(json.slice(copied, at), '"', json.slice(at, end), '"');
        copied = end;
      }
      at = end - 1;
    }
  }
  return pieces.length === 0 ? json : pieces.join('') + json.slice(copied);
}

function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && isPartOfNumber(json.charCodeAt(at))) at += 1;
  return at;
}

function isPartOfNumber(code: number): boolean {
  const isDigit = code >= zero && code <= nine;
  // . + - e E
  return isDigit || code === 0x2e || code === 0x2b || code === minus || code === 0x65 || code === 0x45;
}

/** Whether a number is beyond ±(2^53-1). A fraction is rounded, as everywhere in the mesh. */
function isInexact(json: string, start: number, end: number): boolean {
  const text = json.slice(start, end);
  if (text.length <= exactDigits && !/[eE]/.test(text)) return false;
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return false;
  return !(Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER);
}
