import type { ProviderDefinition } from './provider.js';

/**
 * The scopes of a new consent: those that the tenant or the user chose, else those of the provider. The scopes that the
 * provider always needs come with them.
 */
export function ordinaryScopes(
  { auth, scopes = [] }: ProviderDefinition,
  chosen: readonly string[] = [],
): readonly string[] {
  const required = 'requiredScopes' in auth ? (auth.requiredScopes ?? []) : [];
  return [...new Set([...(chosen.length > 0 ? chosen : scopes), ...required])];
}

/** The granted scopes with every scope that they include. Undefined stays undefined: the provider does not report scopes. */
export function expandScopes(provider: ProviderDefinition, granted: readonly string[]): readonly string[];
export function expandScopes(
  provider: ProviderDefinition,
  granted: readonly string[] | undefined,
): readonly string[] | undefined;
export function expandScopes(
  { impliedScopes = {} }: ProviderDefinition,
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  if (granted === undefined) return undefined;
  const known = new Set(granted);
  // A loop over a set visits later additions, so scopes of included scopes count too.
  for (const scope of known) {
    const included = Object.hasOwn(impliedScopes, scope) ? (impliedScopes[scope] ?? []) : [];
    for (const each of included) known.add(each);
  }
  return [...known];
}
