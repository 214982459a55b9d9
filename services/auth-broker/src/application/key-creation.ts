import { IdentityConflictError, UnknownIdentityError } from '../domain/auth-broker.errors.js';
import type { KeyCreation } from './api-key-store.port.js';

/** Throws unless the key was created. */
export function requireCreated(creation: KeyCreation): void {
  if (creation === 'no_tenant') throw new UnknownIdentityError('tenant');
  if (creation === 'too_many')
    throw new IdentityConflictError(
      'the tenant has as many keys, or users in its keys, as it may have; revoke keys that are not used',
    );
}
