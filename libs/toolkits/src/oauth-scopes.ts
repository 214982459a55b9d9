import type { SecurityDefinition } from '@action-mesh/tools';

/** A tool's `security`: the connection of the user under this scheme, with all of these scopes. */
export function oauthScopes(
  scheme: string,
): (...names: readonly string[]) => readonly (readonly SecurityDefinition[])[] {
  return (...names) => [[{ scheme, kind: 'oauth2', scopes: names }]];
}
