import type { PublicJwk } from '@action-mesh/contracts/auth-broker';

import { checkSigningKey } from './signing-key.js';

/** The usable keys of a JWK set, and a line for each key that was left out. */
export interface SigningKeys {
  readonly keys: readonly PublicJwk[];
  readonly leftOut: readonly string[];
}

const mostKeys = 20;
const mostCandidates = 100;
const longestShownId = 40;
const unshowable = /[^\x20-\x7e]/g;

/** Reads a JWK set (RFC 7517, section 5). Undefined: the text is none. */
export function readJwkSet(text: string): SigningKeys | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null || !('keys' in document)) return undefined;
  return Array.isArray(document.keys) ? usableKeys(document.keys) : undefined;
}

/** Selects the usable keys, at most 20. Two keys of one id and algorithm would hide each other, so the first counts. */
export function usableKeys(candidates: readonly unknown[]): SigningKeys {
  const keys = new Map<string, PublicJwk>();
  const leftOut: string[] = [];
  for (const [index, candidate] of candidates.slice(0, mostCandidates).entries()) {
    const checked = checkSigningKey(candidate);
    const name = nameOf(candidate, index);
    if (!checked.ok) leftOut.push(`${name} ${checked.reason}`);
    else if (keys.has(idOf(checked.key, index))) leftOut.push(`${name} has the id of another key`);
    else if (keys.size === mostKeys) leftOut.push(`${name} is beyond the first ${mostKeys} keys`);
    else keys.set(idOf(checked.key, index), checked.key);
  }
  if (candidates.length > mostCandidates) leftOut.push(`all keys after the first ${mostCandidates}`);
  return { keys: [...keys.values()], leftOut };
}

function idOf({ kid, alg }: PublicJwk, index: number): string {
  return kid === undefined ? String(index) : `${alg} ${kid}`;
}

/** The id of a key for people. The document is of a stranger, so the text is short and plain. */
function nameOf(candidate: unknown, index: number): string {
  const kid: unknown = (candidate as { kid?: unknown } | null)?.kid;
  return typeof kid === 'string'
    ? `key "${kid.slice(0, longestShownId).replace(unshowable, '?')}"`
    : `key ${index + 1}`;
}
