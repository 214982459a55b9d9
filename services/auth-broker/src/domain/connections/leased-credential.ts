import type { LeasedCredential } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';
import {
  baseOf,
  credentialPlaces,
  expandScopes,
  hostsOf,
  type ProviderDefinition,
} from '@action-mesh/providers';

import type { StoredCredential } from './credential.js';
import type { StoredConnection } from './stored-connection.js';

/** The part of an integration that decides how requests carry a credential. */
export interface CarryingIntegration {
  readonly provider: ProviderDefinition;
  readonly hosts: readonly string[];
  readonly baseUrl?: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The credential as an executor uses it. Throws `ProviderError` when the data of the provider does not fit to it. */
export function leasedCredential(
  { provider, hosts, settings, baseUrl }: CarryingIntegration,
  connection: StoredConnection,
  credential: StoredCredential,
): LeasedCredential {
  const fields = credential.kind === 'fields' ? credential.fields : {};
  const secrets = credential.kind === 'fields' ? credential.fields : { access_token: credential.accessToken };
  const base = baseOf(provider, {
    settings,
    fields,
    baseUrl: connection.baseUrl ?? baseUrl,
    hosts,
  });
  const scopes = expandScopes(provider, connection.scopes);
  const { expiresAtMs, readAtMs } = connection;
  return {
    connection_id: connection.id,
    version: connection.version,
    places: credentialPlaces(provider, { secrets, settings }),
    hosts: [...hostsOf(provider, hosts, base)],
    ...defined({
      // An address that replaces itself changes nothing.
      base: base?.from === base?.to ? undefined : base,
      account: connection.account,
      scopes: scopes === undefined ? undefined : [...scopes],
      valid_for_ms: expiresAtMs === undefined ? undefined : Math.round(expiresAtMs - readAtMs),
    }),
  };
}
