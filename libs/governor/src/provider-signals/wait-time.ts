import { dateOf } from './http-date.js';

/** The longest wait from a header: a year. The deadline of a call ends it long before. */
export const longestWaitMs = 365 * 86_400_000;
/** The longest header that is read. */
const maxLength = 512;
/** How far in the past a number may lie and still count as a moment instead of a very long wait. */
const recentMs = 86_400_000;
/** Larger numbers are moments or invalid; as seconds, they would be a wait of 31 years. */
const momentFrom = 1e9;

const number = /^\+?(?:\d+(?:\.\d*)?|\.\d+)$/;
const dayOfWeek = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}$/i;

type HeaderValue = string | readonly string[] | undefined;

/**
 * `Retry-After` (RFC 9110, section 10.2.3) as milliseconds from now, never less than the header asks for. It takes seconds
 * with or without decimals, every form of date, epoch seconds and milliseconds. Of several values, the latest counts.
 * `undefined`: the header holds no readable value.
 */
export function parseRetryAfter(value: HeaderValue, nowMs: number): number | undefined {
  return latest(value, (text) => waitOf(text, nowMs) ?? secondsOf(text));
}

/**
 * `X-RateLimit-Reset` and `RateLimit-Reset` as milliseconds from now. A number that is neither a wait nor a moment near
 * now is `undefined`.
 */
export function parseReset(value: HeaderValue, nowMs: number): number | undefined {
  return latest(value, (text) => {
    const wait = waitOf(text, nowMs);
    if (wait !== undefined || Number(text) >= momentFrom) return wait;
    return secondsOf(text);
  });
}

/** The values of a header that repeats or holds a list. A date contains a comma of its own. */
export function headerValues(value: HeaderValue): string[] {
  const text = typeof value === 'string' ? value : (value?.join(',') ?? '');
  if (text.length > maxLength) return [];
  const values: string[] = [];
  let day: string | undefined;
  for (const part of text.split(',')) {
    const [bare = ''] = part.split(';');
    const piece = unquoted(bare.trim());
    if (dayOfWeek.test(piece)) {
      day = piece;
      continue;
    }
    values.push(day === undefined ? piece : `${day}, ${piece}`);
    day = undefined;
  }
  return values;
}

function latest(value: HeaderValue, read: (text: string) => number | undefined): number | undefined {
  let longest: number | undefined;
  for (const text of headerValues(value)) {
    const wait = read(text);
    if (wait !== undefined && (longest === undefined || wait > longest)) longest = wait;
  }
  return longest === undefined ? undefined : Math.min(longestWaitMs, Math.ceil(longest));
}

/** A moment as milliseconds from now: a date, or a number from the provider's clock. */
function waitOf(text: string, nowMs: number): number | undefined {
  if (!number.test(text)) {
    const atMs = dateOf(text, nowMs);
    return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
  }
  if (Number(text) < momentFrom) return undefined;
  const atMs = [Number(text) * 1_000, Number(text)].find(
    (candidate) => candidate > nowMs - recentMs && candidate < nowMs + longestWaitMs,
  );
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}

function secondsOf(text: string): number | undefined {
  return number.test(text) ? Number(text) * 1_000 : undefined;
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
