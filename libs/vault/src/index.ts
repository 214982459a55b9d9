// Key-encryption keys of a service
export { hasVaultKeys, keyProviderOf, newVaultKey, vaultKeys } from './vault-keys.js';
export type { VaultKeys } from './vault-keys.js';

// Data keys in the schema of a service
export { hasDataKeys } from './has-data-keys.js';
export { openDataKeys } from './open-data-keys.js';
export { PostgresDataKeyStore } from './postgres-data-key-store.js';
