import type { SecurityDefinition } from '@action-mesh/tools';

/** A tool's `security`: the connection of the user under this scheme, with all of these scopes. */
export function oauthScopes(
  scheme: string,
): (...names: readonly string[]) => readonly (readonly SecurityDefinition[])[] {
  return (...names) => [[{ scheme, kind: 'oauth2', scopes: names }]];
}

/** A tool's `security` where one of the scopes is enough, such as that of the kind of channel that is asked about. */
export function anyOf(
  scopes: ReturnType<typeof oauthScopes>,
  ...names: readonly string[]
): readonly (readonly SecurityDefinition[])[] {
  return names.flatMap((name) => scopes(name));
}
