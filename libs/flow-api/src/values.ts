import type { Dynamic } from './dynamic.js';
import { FlowValueError } from './flow-api.errors.js';
import { instantOf } from './instant-text.js';

/** The text of a value: empty for null and undefined, JSON for lists and objects. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- objects are handled above.
  return String(value);
}

const numeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** The number of a value. Throws `FlowValueError` for text that is no number, so that no comparison is a guess. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string' && value.length < 400 && numeric.test(value)) return Number(value);
  throw new FlowValueError(`a number is needed, and the value is ${kindOf(value)}`);
}

/** The boolean of a value or of the texts true/false, yes/no, 1/0. Throws `FlowValueError` for anything else. */
export function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const word =
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.toLowerCase() : '';
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  throw new FlowValueError(`a boolean is needed, and the value is ${kindOf(value)}`);
}

/** The largest number of milliseconds that a date can have. */
const latest = 8.64e15;

/**
 * The instant of a date, of milliseconds since 1970, or of a text in ISO 8601 or RFC 3339: a day such as `2026-03-05`
 * (midnight in UTC), or a day and a time with an offset. Throws `FlowValueError` for anything else.
 */
export function toTime(value: unknown): number {
  const time =
    value instanceof Date ? value.getTime() : typeof value === 'string' ? instantOf(value.trim()) : value;
  if (typeof time === 'number' && Math.abs(time) <= latest) return time;
  throw new FlowValueError(
    `a date is needed, such as 2026-03-05 or 2026-03-05T14:00:00Z, and the value is ${kindOf(value)}`,
  );
}

/** Whether a value is null, undefined, or an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

/** The first value that is not empty. */
export function ifEmpty(value: Dynamic, otherwise: Dynamic): Dynamic {
  return isEmpty(value) ? otherwise : value;
}

/** The value of a JSON text. Throws `FlowValueError`. A value that is no text stays as it is. */
export function parseJson(value: unknown): Dynamic {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new FlowValueError('the text is no JSON', { cause: error });
  }
}

/** Base64 of a text's UTF-8 bytes. */
export function base64(value: unknown): string {
  return Buffer.from(toText(value), 'utf8').toString('base64');
}

/** An e-mail as RFC 2822 text in base64url. Line ends in a header are removed. */
export function mailMessage(mail: {
  readonly to: unknown;
  readonly from?: unknown;
  readonly subject?: unknown;
  readonly text?: unknown;
  readonly html?: unknown;
}): string {
  const header = (value: unknown) => toText(value).replaceAll(/[\r\n]+/g, ' ');
  const subject = Buffer.from(header(mail.subject), 'utf8').toString('base64');
  const lines = [
    ...(isEmpty(mail.from) ? [] : [`From: ${header(mail.from)}`]),
    `To: ${header(mail.to)}`,
    `Subject: =?UTF-8?B?${subject}?=`,
    'MIME-Version: 1.0',
    `Content-Type: ${isEmpty(mail.html) ? 'text/plain' : 'text/html'}; charset=utf-8`,
    '',
    toText(isEmpty(mail.html) ? mail.text : mail.html),
  ];
  return Buffer.from(lines.join('\r\n'), 'utf8').toString('base64url');
}

/** The kind of a value, for messages. Never the value itself. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text of another form' : `of type ${typeof value}`;
}
