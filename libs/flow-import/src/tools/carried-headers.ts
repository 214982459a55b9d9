import type { Expr } from '../model/expression.js';
import { isCredentialHeader } from '../read/secret-names.js';

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
