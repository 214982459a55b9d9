import type { Tool } from '@action-mesh/contracts/catalog';

import type { StaticCredential } from '../domain/static-credential.js';

/** A static credential that no request uses, and the reason. */
export interface UnusedCredential {
  readonly variable: string;
  readonly problem: string;
  /** The provider has tools, but their requests go without the credential. */
  readonly isMisdirected: boolean;
}

/**
 * Finds the credentials of a provider without tools, and those with an origin that none of the provider's tools has.
 */
export function unusedCredentials(
  credentials: readonly StaticCredential[],
  tools: Iterable<Tool>,
): readonly UnusedCredential[] {
  const origins = new Map(credentials.map(({ provider }) => [provider, new Set<string>()]));
  for (const { provider } of tools) origins.get(provider.slug)?.add(new URL(provider.base_url).origin);
  return credentials.flatMap(({ variable, provider, origin }) => {
    const known = origins.get(provider) ?? new Set<string>();
    if (known.has(origin)) return [];
    const problem =
      known.size === 0
        ? `no tool has the provider "${provider}": name the variable after a provider's slug, or publish its tools`
        : `it is for ${origin}, but the tools of "${provider}" go to ${[...known].sort().slice(0, 5).join(', ')}: correct the origin in the variable`;
    return [{ variable, problem, isMisdirected: known.size > 0 }];
  });
}
