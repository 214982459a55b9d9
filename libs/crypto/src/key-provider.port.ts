/** A data key that a key-encryption key has encrypted. */
export interface WrappedKey {
  /** The id of the key-encryption key. */
  readonly kid: string;
  readonly wrapped: Buffer;
}

/** The place of a data key. It is bound to the wrapped bytes, so no other tenant can use them. */
export interface DataKeyPlace {
  readonly tenantId: string;
  readonly dataKeyId: string;
}

/** The key-encryption keys. They never leave their holder. */
export interface KeyProvider {
  /** The key that wraps new data keys. */
  readonly currentKid: string;
  /** Every key that can unwrap, the current one first. */
  readonly kids: readonly string[];
  /** The setting that holds the keys, for messages: `AUTH_BROKER_KEYS`. */
  readonly setting: string;
  /**
   * Wraps a data key under every key that other instances may have, the current one last. While the keys are being
   * exchanged, an instance with the former key alone still reads new data keys.
   */
  wrap(place: DataKeyPlace, key: Buffer): Promise<readonly WrappedKey[]>;
  /** Rejects with `UnreadableSecretError` for a wrong key or place, and with `KeyServiceError` during an outage. */
  unwrap(place: DataKeyPlace, wrapped: WrappedKey): Promise<Buffer>;
}
