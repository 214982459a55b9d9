import { literal, type Expr } from '../model/expression.js';
import { isCredentialHeader } from '../read/secret-names.js';

/** The names of products for the media types of bodies. */
const mediaTypeNames: ReadonlyMap<string, string> = new Map([
  ['form', 'application/x-www-form-urlencoded'],
  ['form-urlencoded', 'application/x-www-form-urlencoded'],
  ['x_www_form_urlencoded', 'application/x-www-form-urlencoded'],
  ['multipart_form_data', 'multipart/form-data'],
  ['xml', 'application/xml'],
]);

/** The headers with the media type that a setting names, unless a header names one. */
export function withMediaType(
  headers: ReadonlyMap<string, Expr>,
  setting: string | undefined,
): ReadonlyMap<string, Expr> {
  const type = setting === undefined ? undefined : (mediaTypeNames.get(setting) ?? setting);
  if (type === undefined || !type.includes('/')) return headers;
  if ([...headers.keys()].some((name) => name.trim().toLowerCase() === 'content-type')) return headers;
  return new Map(headers).set('Content-Type', literal(type));
}

/** Headers that the mesh sets itself in every request. */
const ownHeaders = new Set(['', 'accept-encoding', 'connection', 'content-length', 'host', 'user-agent']);

/** The headers of a request without credentials and without those that say nothing beyond a request of the mesh. */
export function carriedHeaders(
  headers: ReadonlyMap<string, Expr>,
  onSecret: () => void,
): ReadonlyMap<string, Expr> {
  const kept = new Map<string, Expr>();
  for (const [given, value] of headers) {
    const name = given.trim();
    if (isCredentialHeader(name)) onSecret();
    else if (!ownHeaders.has(name.toLowerCase()) && !isDefault(name.toLowerCase(), value))
      kept.set(name, value);
  }
  return kept;
}

/** Whether the header asks for JSON, sends JSON, or takes any answer. */
function isDefault(name: string, value: Expr): boolean {
  if (value.kind !== 'literal' || typeof value.value !== 'string') return false;
  const text = value.value.toLowerCase().replaceAll(/\s/g, '');
  if (name === 'accept') return ['', '*/*', 'application/json', 'application/json,*/*'].includes(text);
  return name === 'content-type' && ['', 'application/json', 'application/json;charset=utf-8'].includes(text);
}
