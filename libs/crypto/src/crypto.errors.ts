import { MeshError } from '@action-mesh/kernel';

/** A sealed secret does not open: it belongs elsewhere, its bytes are altered, or its key is missing. */
export class UnreadableSecretError extends MeshError {
  readonly code = 'CRYPTO_UNREADABLE_SECRET';
  readonly retry = 'terminal';
}

/** A key service does not answer now. A later request may succeed. */
export class KeyServiceError extends MeshError {
  readonly code = 'CRYPTO_KEY_SERVICE';
  readonly retry = 'retryable';
}

/** The configured keys cannot open the secrets of the database. The message names key ids, and no key. */
export class WrongKeysError extends MeshError {
  readonly code = 'CRYPTO_WRONG_KEYS';
  readonly retry = 'terminal';
}
