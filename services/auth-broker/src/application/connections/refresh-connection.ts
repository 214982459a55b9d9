import { systemClock, type Clock, type TraceContext } from '@action-mesh/kernel';
import { refreshTraits } from '@action-mesh/providers';

import type { StoredCredential } from '../../domain/connections/credential.js';
import { sendableAtMs, tokenDigest } from '../../domain/connections/refresh-rules.js';
import { isKnownConnection, type StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectionStore } from './connection-store.port.js';
import type { KnownIntegration } from './integrations.port.js';
import type { RedeemRefresh } from './redeem-refresh.js';
import type { RefreshResult } from './refresh-result.js';
import type { RefreshStore } from './refresh-store.port.js';
import { noRefreshWatch, type RefreshWatch } from './refresh-watch.port.js';

/** A refresh waits this long for another broker: its request has 10 s, and its commit some more. */
const waitMs = 12_000;
/** A caller waits this long. A refresh whose commit fails may take longer. */
const callerWaitMs = 15_000;
const firstPollMs = 40;
const longestPollMs = 250;

/** A connection with its opened credential. */
export interface OpenedConnection {
  readonly connection: StoredConnection;
  readonly credential: StoredCredential;
}

interface RefreshConnectionParts {
  readonly connections: ConnectionStore;
  readonly refreshes: RefreshStore;
  readonly redeem: RedeemRefresh;
  /** @default none */
  readonly watch?: RefreshWatch;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Refreshes the credential of a connection, at one broker at a time.
 *
 * - RF1: one process refreshes a connection once at a time. All its callers share the result.
 * - RF2: one broker at a time holds the lease. It lasts 30 s, and the request to the provider at most 10 s. So no second
 *   request leaves while the first may still arrive.
 * - RF3: no transaction and no connection of a pool is held during the request.
 * - RF4: the lease and the intent are on disk before the request, and the new credential before its first use.
 * - RF5: a holder whose lease was taken writes over nothing. Its new credential takes the place of the one that it used
 *   up, or goes to a side table, from which the next holder takes it.
 * - RF6: `invalid_grant` counts only after another reading: another broker may have stored a newer credential.
 * - RF7: a refresh token is sent again after an unknown end: once at once, then ever later. A refusal of a repetition is
 *   `rotation_lost`, and of a first request `refused`.
 * - RF8: after a failure no request leaves for 30 s or longer. A token that is still valid serves meanwhile.
 * - RF9: a token is due within 10 % of its life, at least 30 s and at most 5 min before its end, and not in its first half.
 * - RF10: a refused client pauses all refreshes of its integration. One probe leaves after the pause. No user is asked.
 * - RF11: a version is refreshed by force at most once. A credential that is a minute old or less is not refreshed by
 *   force at all.
 */
export class RefreshConnection {
  readonly #parts: RefreshConnectionParts;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Promise<RefreshResult>>();

  constructor(parts: RefreshConnectionParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /** Refreshes the credential if its version is still the one that was read. `trace`: the span that waits for it. */
  run(read: OpenedConnection, integration: KnownIntegration, trace?: TraceContext): Promise<RefreshResult> {
    const { id } = read.connection;
    let refresh = this.#underWay.get(id);
    if (refresh === undefined) {
      refresh = this.#refresh(read, integration, trace).finally(() => {
        this.#underWay.delete(id);
      });
      this.#underWay.set(id, refresh);
    }
    return untilLate(refresh);
  }

  /** Resolves when no refresh is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.values());
  }

  async #refresh(
    read: OpenedConnection,
    integration: KnownIntegration,
    trace: TraceContext | undefined,
  ): Promise<RefreshResult> {
    const { connections, refreshes, redeem, watch = noRefreshWatch } = this.#parts;
    const deadlineMs = this.#clock.monotonicMs() + waitMs;
    const digest = digestOf(read.credential);
    const traits = refreshTraits(integration.provider);
    let current = read.connection;
    for (let pollMs = firstPollMs; ; pollMs = Math.min(2 * pollMs, longestPollMs)) {
      const isLeased = current.leaseUntilMs !== undefined && current.leaseUntilMs > current.readAtMs;
      if (!isLeased) {
        const pausedMs = pauseMs(current, digest, traits);
        if (pausedMs > 0) return { kind: 'unavailable', code: 'cool_down', retryAfterMs: pausedMs };
        const lease = await refreshes.takeLease(current, digest);
        if (lease !== undefined) {
          const held = { lease, before: current, credential: read.credential, integration, trace };
          return watch.refresh(current, trace, () => redeem.run(held));
        }
      }
      const next = await connections.find(current.tenantId, current.id);
      if (next === undefined || !isKnownConnection(next)) return { kind: 'gone' };
      if (next.version !== read.connection.version && next.state === 'active')
        return { kind: 'refreshed', connection: next };
      if (next.state === 'needs_reauth') return { kind: 'needs_reauth', connection: next };
      current = next;
      if (this.#clock.monotonicMs() >= deadlineMs)
        return { kind: 'unavailable', code: 'refresh_under_way', retryAfterMs: 1_000 };
      if (isLeased) await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

async function untilLate(refresh: Promise<RefreshResult>): Promise<RefreshResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RefreshResult>((resolve) => {
    timer = setTimeout(resolve, callerWaitMs, {
      kind: 'unavailable',
      code: 'refresh_under_way',
      retryAfterMs: 1_000,
    });
  });
  try {
    return await Promise.race([refresh, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for credentials without a refresh token. They have nothing that could be used up. */
function digestOf(credential: StoredCredential): Buffer | undefined {
  return credential.kind === 'oauth2' && credential.refreshToken !== undefined
    ? tokenDigest(credential.refreshToken)
    : undefined;
}

function pauseMs(
  connection: StoredConnection,
  digest: Buffer | undefined,
  traits: ReturnType<typeof refreshTraits>,
): number {
  const { readAtMs, nextAttemptAtMs = readAtMs } = connection;
  const sendableMs = digest === undefined ? readAtMs : sendableAtMs(connection, digest, traits, readAtMs);
  return Math.max(nextAttemptAtMs, sendableMs) - readAtMs;
}
