/**
 * The scopes that a connection lacks for a tool: those of the alternative that lacks the fewest. Empty: one alternative is
 * granted completely, there is no alternative, or the provider does not report scopes.
 */
export function missingScopes(
  alternatives: readonly (readonly string[])[],
  granted: readonly string[] | undefined,
): readonly string[] {
  if (granted === undefined || alternatives.length === 0) return [];
  const known = new Set(granted);
  return alternatives
    .map((scopes) => scopes.filter((scope) => !known.has(scope)))
    .reduce((fewest, missing) => (missing.length < fewest.length ? missing : fewest));
}
