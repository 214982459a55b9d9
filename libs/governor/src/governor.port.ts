/** One request before it leaves. */
export interface Subject {
  readonly tenantId: string;
  readonly userId: string;
  /** The connection of a user to the provider. The provider sees one credential as one client. */
  readonly credential: string;
  /** Slug of the provider. */
  readonly provider: string;
  /** Slug of the tool. */
  readonly tool: string;
  /** `METHOD host/path-template`: requests that fail together. */
  readonly endpoint: string;
}

export type DenialReason = 'rate_limited' | 'provider_blocked' | 'circuit_open' | 'concurrency';

export type CircuitState = 'closed' | 'half_open' | 'open';

/** Whether a request may leave now. */
export type Admission =
  | { readonly allowed: true; readonly permit: Permit }
  | {
      readonly allowed: false;
      readonly reason: DenialReason;
      /** Epoch milliseconds of the next try. Never in the past. */
      readonly untilMs: number;
      /** The source of the denial: `credential:acme/ada/slack#slack-per-minute`, `provider:slack`. */
      readonly scope: string;
      readonly circuit: CircuitState;
    };

/** A limit that applies to a request, and its state at the moment of a look. */
export interface AppliedLimit {
  readonly kind: 'rate_limit' | 'concurrency' | 'circuit_breaker' | 'provider_block';
  readonly scope: string;
  readonly holds: boolean;
  /** Epoch milliseconds of the next try, if it holds. */
  readonly untilMs?: number;
  /** Requests in a window; only with `rate_limit`. */
  readonly limit?: number;
  readonly window?: string;
  /** The most requests under way; only with `concurrency`. */
  readonly maxConcurrency?: number;
}

/** The answer to a look: the decision that a request would get now. */
export interface Forecast {
  /** Absent: it would be admitted. */
  readonly denial?: Omit<Extract<Admission, { allowed: false }>, 'allowed'>;
  readonly limits: readonly AppliedLimit[];
}

/** The result of an allowed request. */
export interface Signal {
  readonly kind: 'answered' | 'unanswered' | 'not_sent';
  readonly status?: number;
  /** The wait from `Retry-After`, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The headers that `isRateLimitHeader` accepts; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

/** The governor's permission for one request. */
export interface Permit {
  readonly circuit: CircuitState;
  /**
   * Monotonic milliseconds. The request has to leave before this moment, or it needs a new permit. Absent: there is no such
   * moment, because no limit depends on it.
   */
  readonly goodUntilMs?: number;
  /** Reports the result; exactly once. `not_sent` gives the tokens back. */
  settle(signal: Signal): void;
}

/** Decides which requests may leave, and learns from their results. */
export interface Governor {
  /** Asks for permission for a request. Never rejects. */
  admit(subject: Subject): Promise<Admission>;
  /** Decides as {@link admit} would, and takes nothing: no token, no slot, no probe. Never rejects. */
  forecast(subject: Subject): Promise<Forecast>;
  /** The whole state of this instance, for operators. */
  status(): GovernorStatus;
  /** The part of the status that belongs to one tenant. */
  tenantStatus(tenantId: string): TenantStatus;
}

export const Governor = Symbol('Governor');

/** The limits in force and the observed state of providers, as plain data for HTTP. Times are ISO 8601. */
export interface GovernorStatus {
  /** `shared`: all instances count together in Redis. `local`: this one enforces its share. */
  readonly mode: 'shared' | 'local';
  /** The reason for `local`. */
  readonly reason?: string;
  /** How often sharing ended and returned. `since`: the start of the present period without sharing. */
  readonly local_periods: { readonly begun: number; readonly ended: number; readonly since?: string };
  /** The number of instances that divide local limits. */
  readonly instances: number;
  readonly limits: readonly LimitStatus[];
  readonly blocked: readonly BlockStatus[];
  readonly breakers: readonly BreakerStatus[];
  readonly concurrency: readonly ConcurrencyStatus[];
}

/** The mode, the blocks and the breakers that apply to one tenant, without any state of another tenant. */
export interface TenantStatus {
  readonly mode: GovernorStatus['mode'];
  readonly blocked: readonly BlockStatus[];
  readonly breakers: readonly BreakerStatus[];
}

export interface LimitStatus {
  readonly id: string;
  readonly match: Readonly<Record<string, string>>;
  readonly per: string;
  readonly limit: number;
  readonly window: string;
  readonly burst: number;
  readonly max_concurrency?: number;
  /** Only in mode `local`: the limit is too small to be divided, so nothing passes until Redis is back. */
  readonly starved?: true;
}

export interface BlockStatus {
  readonly provider: string;
  readonly credential: string;
  readonly until: string;
}

export interface BreakerStatus {
  readonly provider: string;
  readonly credential: string;
  readonly endpoint: string;
  readonly state: CircuitState;
  /** Failures without a success in between. */
  readonly failures: number;
  /** When an open breaker lets a probe through. */
  readonly until?: string;
}

export interface ConcurrencyStatus {
  readonly provider: string;
  readonly tool: string;
  readonly limit: number;
  readonly in_flight: number;
}
