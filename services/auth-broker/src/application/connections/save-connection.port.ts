import type { ConnectedAccount, StoredCredential } from '../../domain/connections/credential.js';

/** A credential that a user has just given, with its account. */
export interface NewCredential extends ConnectedAccount {
  readonly tenantId: string;
  readonly userId: string;
  readonly integration: string;
  readonly provider: string;
  readonly credential: StoredCredential;
  readonly expiresInMs?: number;
  readonly refreshExpiresInMs?: number;
  readonly label?: string;
  /** Repairs this connection. */
  readonly connectionId?: string;
  readonly allowOtherAccount: boolean;
}

/**
 * `other_account`: the connection to repair belongs to another account. `unknown_connection`: there is none to repair, or
 * it is revoked. `integration_gone`: the tenant has removed the integration, or set it up for another provider.
 */
export type Saved =
  | { readonly kind: 'saved'; readonly connectionId: string }
  | { readonly kind: 'other_account' | 'unknown_connection' | 'integration_gone' };

/**
 * Stores a credential as a connection. The first connection of a user at an integration becomes the default. The same
 * account again renews its connection instead of adding one.
 */
export interface SaveConnection {
  run(credential: NewCredential): Promise<Saved>;
}

export const SaveConnection = Symbol('SaveConnection');
