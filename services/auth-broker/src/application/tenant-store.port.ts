import type { StoredTenant } from '../domain/stored-tenant.js';
import type { TenantSettings } from '../domain/tenant-settings.js';
import type { ChangedBy } from './api-key-store.port.js';

/** The record of tenants. A removed tenant is not in it, and can be put again under its id. */
export interface TenantStore {
  /** By id. */
  list(): Promise<readonly StoredTenant[]>;
  find(id: string): Promise<StoredTenant | undefined>;
  /**
   * Creates a tenant, or replaces its settings. An issuer with the same address keeps its last reading. A new address
   * is due at once.
   */
  put(id: string, settings: TenantSettings, atMs: number): Promise<void>;
  /** Removes a tenant and revokes all of its keys. Returns false for an unknown one. */
  remove(id: string, by: ChangedBy): Promise<boolean>;
}

export const TenantStore = Symbol('TenantStore');
