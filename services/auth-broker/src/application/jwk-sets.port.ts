import type { SigningKeys } from '../domain/jwk-set.js';

/** A JWK set that is due to be read. */
export interface DueJwkSet {
  readonly tenantId: string;
  readonly issuer: string;
  readonly url: string;
}

/** The keys of a JWK set, or why it could not be read. The reason holds no part of the answer. */
export type JwkSetReading = SigningKeys | { readonly problem: string };

/** The addresses of JWK sets, when each is due, and its last good reading. */
export interface JwkSetStore {
  /**
   * Takes sets that are due, of one tenant or of all, and makes them due again in about a minute. Two instances never
   * take the same set.
   */
  takeDue(nowMs: number, tenantId?: string): Promise<readonly DueJwkSet[]>;
  /** Keeps a reading. A problem leaves the keys of the last good reading. Ignores a set that is gone. */
  keep(set: DueJwkSet, reading: JwkSetReading, nowMs: number): Promise<void>;
}

export const JwkSetStore = Symbol('JwkSetStore');

/** The JWK sets of issuers, over the network. */
export interface JwkSetSource {
  /** Never rejects for an error of the network, the server or the document. */
  read(url: string): Promise<JwkSetReading>;
}

export const JwkSetSource = Symbol('JwkSetSource');
