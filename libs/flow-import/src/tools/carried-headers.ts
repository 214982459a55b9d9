import type { Expr } from '../model/expression.js';

const credentialHeader =
  /^(?:authorization|cookie|proxy-authorization|x?-?(?:api|auth|access)[-_]?(?:key|token)?)$/i;

/** The headers of a request without credentials and without those that the mesh sets itself. */
export function carriedHeaders(
  headers: ReadonlyMap<string, Expr>,
  onSecret: () => void,
): ReadonlyMap<string, Expr> {
  const kept = new Map<string, Expr>();
  for (const [name, value] of headers) {
    if (credentialHeader.test(name.trim())) onSecret();
    else if (!/^(?:content-type|accept|content-length|user-agent|)$/i.test(name.trim()))
      kept.set(name, value);
  }
  return kept;
}
