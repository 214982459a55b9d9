import type { SentRequest } from '@action-mesh/contracts/executor';
import { endOfValue } from '@action-mesh/kernel';

/** A request in the form that its provider gets. */
export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The text in place of a credential. */
export const masked = '[masked]';

/** Longer bodies are shown in part. */
const longestBody = 16_384;

/** A name with a word of such an ending is secret: `accesstoken` as well as `access_token`. */
const secretWord =
  /(?:apikey|authorization|cookies?|credentials?|jwt|passphrase|passwd|passwords?|pwd|secrets?|token)$/;

/** A name with "key" after one of these is secret too. */
const keyKinds = new Set([
  'access',
  'api',
  'client',
  'encryption',
  'private',
  'secret',
  'signing',
  'subscription',
]);

/** Outside of bodies, these words mean credentials as well. */
const secretOutside = new Set(['auth', 'key', 'sig', 'signature']);

/** Names with such a word that hold no credential. */
const openNames = new Set([
  'continuation-token',
  'idempotency-key',
  'next-page-token',
  'next-token',
  'page-token',
  'sync-token',
]);

type Place = 'body' | 'outside';

/** The request without its credentials: by name in headers, query and JSON body, and in the user part of the URL. */
export function maskedRequest({ method, url, headers, body }: PlainRequest): SentRequest {
  return {
    method,
    url: maskedUrl(url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, isSecretName(name, 'outside') ? masked : value]),
    ),
    ...(body === undefined ? {} : maskedBody(body, headers['content-type'] ?? '')),
  };
}

/** Whether a header, a parameter or a member of this name holds a credential. */
function isSecretName(name: string, place: Place): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
  if (openNames.has(words.join('-'))) return false;
  return words.some(
    (word, index) =>
      secretWord.test(word) ||
      (word === 'key' && keyKinds.has(words[index - 1] ?? '')) ||
      (place === 'outside' && secretOutside.has(word)),
  );
}

function maskedUrl(text: string): string {
  const url = new URL(text);
  if (url.username !== '') url.username = masked;
  if (url.password !== '') url.password = masked;
  for (const name of new Set(url.searchParams.keys())) {
    if (isSecretName(name, 'outside')) url.searchParams.set(name, masked);
  }
  return url.href;
}

function maskedBody(body: string | Uint8Array, contentType: string): Pick<SentRequest, 'body' | 'body_cut'> {
  // Shows no bytes of files: the parts beside them could hold a credential.
  if (typeof body !== 'string') return { body: `[${body.byteLength} bytes]` };
  const shown = contentType.includes('json')
    ? maskedJson(body)
    : contentType.includes('x-www-form-urlencoded')
      ? maskedForm(body)
      : body;
  return shown.length > longestBody ? { body: shown.slice(0, longestBody), body_cut: true } : { body: shown };
}

/** A JSON text with its secret members masked, whatever they hold. All other text stays unchanged. */
export function maskedJson(body: string): string {
  let shown = '';
  let from = 0;
  let at = 0;
  while (at < body.length) {
    if (body[at] !== '"') {
      at += 1;
      continue;
    }
    const end = endOfString(body, at);
    const value = valueAfterColon(body, end);
    if (value === undefined || !isSecretName(nameIn(body.slice(at, end)), 'body')) {
      at = end;
      continue;
    }
    shown += `${body.slice(from, value)}"${masked}"`;
    at = endOfMember(body, value);
    from = at;
  }
  return shown + body.slice(from);
}

/** The start of the value of a member. Undefined after a string that is not a name. */
function valueAfterColon(json: string, end: number): number | undefined {
  const colon = skipSpace(json, end);
  return json[colon] === ':' ? skipSpace(json, colon + 1) : undefined;
}

function skipSpace(json: string, start: number): number {
  let at = start;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\t' || json[at] === '\r') at += 1;
  return at;
}

/** The name in a quoted text, which may have escapes. */
function nameIn(quoted: string): string {
  const plain = quoted.slice(1, -1);
  if (!plain.includes('\\')) return plain;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return plain;
  }
}

/** The position after the closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, json.length);
}

/** The end of the value of a member. A value without an end is masked up to the end of the text. */
function endOfMember(json: string, start: number): number {
  try {
    return endOfValue(json, start);
  } catch {
    return json.length;
  }
}

function maskedForm(body: string): string {
  const form = new URLSearchParams(body);
  for (const name of new Set(form.keys())) if (isSecretName(name, 'body')) form.set(name, masked);
  return form.toString();
}
