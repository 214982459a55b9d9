import type { SentRequest } from '@action-mesh/contracts/executor';

/** A request as its provider gets it. */
export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The text in the place of a credential. */
export const masked = '[masked]';

/** Longer bodies are shown in part. */
const longestBody = 16_384;

/** A name with one of these words names a credential. */
const secretWords = new Set([
  'apikey',
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'jwt',
  'passphrase',
  'passwd',
  'password',
  'pwd',
  'secret',
  'token',
]);

/** So is one with "key" after one of these. */
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

/** Outside of bodies these words mean credentials as well. */
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
      secretWords.has(word) ||
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

/** The JSON text with its secret members masked; everything else stays the text that it is. */
function maskedJson(body: string): string {
  let shown = '';
  let from = 0;
  for (const { name, start, end } of namedValues(body)) {
    if (!isSecretName(name, 'body')) continue;
    shown += `${body.slice(from, start)}"${masked}"`;
    from = end;
  }
  return shown + body.slice(from);
}

interface NamedValue {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The members of a JSON text with a string, a number or a word as their value, by one pass over the text. */
function* namedValues(json: string): Generator<NamedValue> {
  let name: string | undefined;
  let at = 0;
  while (at < json.length) {
    const unit = json[at] ?? '';
    if (' \n\t\r:,'.includes(unit)) {
      at += 1;
      continue;
    }
    if ('{}[]'.includes(unit)) {
      name = undefined;
      at += 1;
      continue;
    }
    const end = unit === '"' ? endOfString(json, at) : endOfWord(json, at);
    if (name === undefined) {
      name = unit === '"' ? nameBeforeColon(json, at, end) : undefined;
    } else {
      yield { name, start: at, end };
      name = undefined;
    }
    at = end;
  }
}

function nameBeforeColon(json: string, start: number, end: number): string | undefined {
  let at = end;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\t' || json[at] === '\r') at += 1;
  return json[at] === ':' ? json.slice(start + 1, end - 1) : undefined;
}

/** The place after the closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, json.length);
}

function endOfWord(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && !' \n\t\r,}]'.includes(json[at] ?? '')) at += 1;
  return at;
}

function maskedForm(body: string): string {
  const form = new URLSearchParams(body);
  for (const name of new Set(form.keys())) if (isSecretName(name, 'body')) form.set(name, masked);
  return form.toString();
}
