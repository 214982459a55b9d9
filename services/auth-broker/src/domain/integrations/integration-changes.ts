import { endpointTraits } from '@action-mesh/providers';

import { IdentityConflictError, InvalidIdentityError } from '../auth-broker.errors.js';
import type { WrittenIntegration } from './integration-settings.js';
import type { StoredIntegration } from './stored-integration.js';

/** An integration in the record with the number of its connections that are not revoked. */
export interface CountedIntegration {
  readonly stored: StoredIntegration;
  readonly connections: number;
}

/**
 * Whether the change of an integration keeps its stored secret. Throws when the record does not allow the change.
 *
 * - IN1: connections belong to their client. The provider and the client id stay as long as there are connections.
 * - IN2: a secret belongs to its client and goes to the addresses that were set with it. Another client, provider or
 *   setting needs the secret again.
 */
export function keepsSecret(written: WrittenIntegration, before: CountedIntegration | undefined): boolean {
  const { settings, clientSecret } = written;
  const isSameProvider = before?.stored.provider === settings.provider;
  const isSameClient = isSameProvider && before.stored.clientId === settings.clientId;
  if (before !== undefined && before.connections > 0 && !isSameClient)
    throw new IdentityConflictError(
      `the integration has ${before.connections} connections that belong to its present ${isSameProvider ? 'client' : 'provider'}; ` +
        'disconnect them first, remove the integration with ?with_connections=true, or use another name',
    );
  const hadSecret = before?.stored.sealedSecret !== undefined;
  const isSameTarget = isSameClient && isSameRecord(before.stored.settings, settings.settings);
  if (clientSecret === undefined && isSameClient && hadSecret && !isSameTarget)
    throw new InvalidIdentityError([
      { pointer: '/client_secret', message: 'is required, because the settings may send it elsewhere' },
    ]);
  const keeps = clientSecret === undefined && isSameTarget && hadSecret;
  if (clientSecret === undefined && !keeps && needsSecret(written))
    throw new InvalidIdentityError([
      {
        pointer: '/client_secret',
        message:
          isSameClient || before === undefined
            ? 'is required'
            : 'is required, because the client is another one',
      },
    ]);
  return keeps;
}

function isSameRecord(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** A client of a discovered server may be a public one. */
function needsSecret({ provider, settings }: WrittenIntegration): boolean {
  return (
    provider.auth.kind === 'oauth2' && endpointTraits(provider, settings.settings)?.clientAuth !== 'none'
  );
}

/** Throws for a removal that would leave connections without their integration. */
export function requireNoConnections(connections: number, withConnections: boolean): void {
  if (connections === 0 || withConnections) return;
  throw new IdentityConflictError(
    `the integration has ${connections} connections; ?with_connections=true disconnects them too`,
  );
}
