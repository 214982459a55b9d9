// Secrets
export { additionalData } from './additional-data.js';
export { dataKeyIdOf, openEnvelope, sealEnvelope } from './envelope.js';
export type { DataKey } from './envelope.js';

// Data keys
export { DataKeys } from './data-keys.js';
export type { Rewrapped } from './data-keys.js';
export type { DataKeyStore, LockedDataKeys, StoredDataKey } from './data-key-store.port.js';

// Key-encryption keys
export type { DataKeyPlace, KeyProvider, WrappedKey } from './key-provider.port.js';
export { LocalKeyRing, newRingEntry, readKeyRing } from './local-key-ring.js';
export type { ReadRing, RingKey } from './local-key-ring.js';
export { TransitKeyProvider } from './transit-key-provider.js';
export type { TransitOptions } from './transit-key-provider.js';

// Errors
export { KeyServiceError, UnreadableSecretError, WrongKeysError } from './crypto.errors.js';
