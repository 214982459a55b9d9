import type { SecurityDefinition } from '@action-mesh/tools';

/** A tool's `security`: the user's connection under this scheme, with all of these scopes. */
export function oauthScopes(
  scheme: string,
): (...names: readonly string[]) => readonly (readonly SecurityDefinition[])[] {
  return (...names) => [[{ scheme, kind: 'oauth2', scopes: names }]];
}

/** A tool's `security` when one of the scopes is enough. For example, each kind of channel has its own scope. */
export function anyOf(
  scopes: ReturnType<typeof oauthScopes>,
  ...names: readonly string[]
): readonly (readonly SecurityDefinition[])[] {
  return names.flatMap((name) => scopes(name));
}
