import { systemClock, type Clock } from '@action-mesh/kernel';

import type { StoredCredential } from '../../domain/connections/credential.js';
import { authBrokerPoints, type PointConnection } from '../../domain/diagnostics.js';
import type { ConnectionStore } from './connection-store.port.js';
import type { RefreshResult } from './refresh-result.js';
import type { RefreshCommit, RefreshedCredential, RefreshLease, RefreshStore } from './refresh-store.port.js';
import { ownerOf, type Vault } from './vault.port.js';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** A new credential with its life. */
export interface NewTokens extends Omit<RefreshedCredential, 'sealed'> {
  readonly credential: StoredCredential;
}

interface PersistCredentialParts {
  readonly connections: ConnectionStore;
  readonly refreshes: RefreshStore;
  readonly vault: Vault;
  /** Ends the repetitions when the broker stops. */
  readonly signal: AbortSignal;
  /** Called when a fenced-off refresh left its credential in the side table. */
  readonly onOrphaned: (connectionId: string) => void;
  /** Called at each failed write. The new credential is only in memory meanwhile. */
  readonly onError: (connectionId: string, error: unknown) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Stores a new credential. The provider has used up the former one, so it tries again until the database takes it or the
 * broker stops.
 */
export class PersistCredential {
  readonly #parts: PersistCredentialParts;
  readonly #clock: Clock;

  constructor(parts: PersistCredentialParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  async run(lease: RefreshLease, tokens: NewTokens): Promise<RefreshResult> {
    const { connections, onOrphaned } = this.#parts;
    const { connection } = lease;
    const answeredAtMs = this.#clock.monotonicMs();
    const point = (): PointConnection => ({ connectionId: connection.id, version: connection.version });
    authBrokerPoints.before_commit.publish(point);
    const commit = await this.#untilStored(lease, tokens, answeredAtMs);
    authBrokerPoints.after_commit.publish(point);
    if (commit.kind === 'committed') return { kind: 'refreshed', connection: commit.connection };
    if (commit.kind === 'gone') return { kind: 'gone' };
    onOrphaned(connection.id);
    const now = await connections.find(connection.tenantId, connection.id);
    if (now === undefined) return { kind: 'gone' };
    return now.version > connection.version
      ? { kind: 'refreshed', connection: now }
      : { kind: 'unavailable', code: 'refresh_under_way', retryAfterMs: 1_000 };
  }

  async #untilStored(lease: RefreshLease, tokens: NewTokens, answeredAtMs: number): Promise<RefreshCommit> {
    const { signal, onError } = this.#parts;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await this.#store(lease, tokens, this.#clock.monotonicMs() - answeredAtMs);
      } catch (error) {
        onError(lease.connection.id, error);
        if (signal.aborted) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #store(
    lease: RefreshLease,
    { credential, expiresInMs, ...rest }: NewTokens,
    lateMs: number,
  ): Promise<RefreshCommit> {
    const { refreshes, vault } = this.#parts;
    const owner = ownerOf(lease.connection);
    const text = JSON.stringify(credential);
    const [sealed, orphan] = await Promise.all([
      vault.seal(owner, 'credential', text),
      vault.seal(owner, 'orphan', text),
    ]);
    const life =
      expiresInMs === undefined ? {} : { expiresInMs: Math.max(0, Math.round(expiresInMs - lateMs)) };
    return refreshes.commit(lease, { ...rest, ...life, sealed }, orphan);
  }
}
