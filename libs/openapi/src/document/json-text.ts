import { IJsonError, parseIJson, type JsonLimits } from '@action-mesh/kernel';

/**
 * Reads strict JSON. A repeated name in an object is refused, because readers differ in the member that they use.
 *
 * There is one exception to exact values: whole numbers beyond any double, such as the highest 64-bit integer as a
 * `maximum`. They become the highest number that the mesh accepts in arguments, and the result has their count.
 */
export function parseJsonText(
  text: string,
  limits: JsonLimits,
): { readonly value: unknown; readonly clamped: number } {
  try {
    return { value: parseIJson(text, limits), clamped: 0 };
  } catch (error) {
    if (!(error instanceof IJsonError) || error.code !== 'IJSON_NUMBER_RANGE') throw error;
  }
  const { text: rewritten, clamped } = clampNumbersOf(text);
  return { value: parseIJson(rewritten, limits), clamped };
}

/** Brings the numbers of a parsed document into range, in place. Returns how many were changed. */
export function clampNumbers(root: unknown): number {
  let clamped = 0;
  const seen = new Set<object>();
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const values = next as Record<string, unknown>;
    for (const name of Object.keys(values)) {
      const value = values[name];
      if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value)) {
        values[name] = clamp(value);
        clamped += 1;
      } else if (value !== null && value !== undefined) waiting.push(value);
    }
  }
  return clamped;
}

/**
 * A lower bound on the values in a JSON text, from its commas and brackets outside of strings. Each value takes many
 * times its text in memory, so this runs before the text is parsed.
 */
export function countValues(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x2c || code === 0x5b || code === 0x7b) count += 1;
  }
  return count;
}

const number = /-?\d[\d.eE+-]*/g;

/** Rewrites the text between strings. The strings stay. */
function clampNumbersOf(text: string): { text: string; clamped: number } {
  let clamped = 0;
  let rewritten = '';
  let at = 0;
  while (at < text.length) {
    const opening = text.indexOf('"', at);
    const between = text.slice(at, opening === -1 ? text.length : opening);
    rewritten += between.replace(number, (digits) => {
      const value = Number(digits);
      if (!(Math.abs(value) > Number.MAX_SAFE_INTEGER)) return digits;
      clamped += 1;
      return String(clamp(value));
    });
    if (opening === -1) break;
    const closing = endOfString(text, opening);
    rewritten += text.slice(opening, closing);
    at = closing;
  }
  return { text: rewritten, clamped };
}

function clamp(value: number): number {
  return value > 0 ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
}

/** The position after the closing quotation mark of the string, or the end of the text. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}
