import type { OutcomeOfCall } from '@action-mesh/contracts/executor';

/** The request that is about to leave, in the terms that limits are made of. */
export interface Subject {
  readonly tenantId: string;
  readonly userId: string;
  /** The credential of the connection to the provider. */
  readonly credential: string;
  readonly provider: string;
  readonly tool: string;
  /** `METHOD host/path-template`. */
  readonly endpoint: string;
}

export type CircuitState = NonNullable<OutcomeOfCall['circuit_breaker_status']>;

/** The result of an admitted request. */
export interface Signal {
  readonly kind: 'answered' | 'unanswered' | 'not_sent';
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** The answer's rate limit headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

/** The leave to send one request. */
export interface Permit {
  readonly circuit: CircuitState;
  /**
   * Monotonic milliseconds until which the request has to leave; then it needs another leave. Absent: no hurry, since no
   * limit counts when it leaves.
   */
  readonly goodUntilMs?: number;
  /** Exactly once. */
  settle(signal: Signal): void;
}

export type Admission =
  | { readonly allowed: true; readonly permit: Permit }
  | {
      readonly allowed: false;
      readonly reason: 'rate_limited' | 'provider_blocked' | 'circuit_open' | 'concurrency';
      /** Milliseconds since the epoch: when to ask again. */
      readonly untilMs: number;
      /** The limit or breaker that said so. */
      readonly scope: string;
      readonly circuit: CircuitState;
    };

/** Says whether a request may leave now. */
export interface Governor {
  admit(subject: Subject): Promise<Admission>;
  /** Limits, blocks, breakers and concurrency of this process, as plain data. */
  status(): unknown;
  /** Blocks and breakers of one tenant, as this process knows them. */
  tenantStatus(tenantId: string): unknown;
}

export const Governor = Symbol('Governor');
