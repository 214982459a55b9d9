/** One request that is about to leave. */
export interface Subject {
  readonly tenantId: string;
  readonly userId: string;
  /** Whose connection it uses; one provider knows one credential as one client. */
  readonly credential: string;
  /** Slug of the provider. */
  readonly provider: string;
  /** Slug of the tool. */
  readonly tool: string;
  /** `METHOD host/path-template`: what fails together. */
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
      /** Epoch milliseconds: when to ask again. Never in the past. */
      readonly untilMs: number;
      /** What said so: `credential:acme/ada/slack#slack-per-minute`, `provider:slack`. */
      readonly scope: string;
      readonly circuit: CircuitState;
    };

/** What became of a request that was allowed. */
export interface Signal {
  readonly kind: 'answered' | 'unanswered' | 'not_sent';
  readonly status?: number;
  /** What `Retry-After` asked for, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The headers that `isRateLimitHeader` knows; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

/** Leave for one request. */
export interface Permit {
  readonly circuit: CircuitState;
  /**
   * Monotonic milliseconds until which the request has to leave; then it needs another leave. Absent: no hurry, since no
   * limit counts when it leaves.
   */
  readonly goodUntilMs?: number;
  /** Tells what became of it; exactly once. `not_sent` gives the tokens back. */
  settle(signal: Signal): void;
}

/** Says which requests may leave, and learns from what became of them. */
export interface Governor {
  /** Never rejects. */
  admit(subject: Subject): Promise<Admission>;
  /** All that this instance knows: for operators. */
  status(): GovernorStatus;
  /** The part of the status that belongs to one tenant. */
  tenantStatus(tenantId: string): TenantStatus;
}

export const Governor = Symbol('Governor');

/** What a governor enforces and has seen, as plain data for HTTP. Times are ISO 8601. */
export interface GovernorStatus {
  /** `shared`: all instances count together in Redis. `local`: this one enforces its share. */
  readonly mode: 'shared' | 'local';
  /** Why not `shared`. */
  readonly reason?: string;
  /** How often limits ceased to be shared, and became shared again; `since`: the period that lasts. */
  readonly local_periods: { readonly begun: number; readonly ended: number; readonly since?: string };
  /** Among how many instances local limits are divided. */
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
  /** Only in mode `local`, where the limit is too small to be divided: nothing passes until Redis is back. */
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
  /** When an open one lets a request through to see how things are. */
  readonly until?: string;
}

export interface ConcurrencyStatus {
  readonly provider: string;
  readonly tool: string;
  readonly limit: number;
  readonly in_flight: number;
}
