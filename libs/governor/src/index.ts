// The port
export { Governor } from './governor.port.js';
export type {
  Admission,
  AppliedLimit,
  BlockStatus,
  BreakerStatus,
  CircuitState,
  ConcurrencyStatus,
  DenialReason,
  Forecast,
  GovernorStatus,
  LimitStatus,
  Permit,
  Signal,
  Subject,
  TenantStatus,
} from './governor.port.js';

// The governor
export { openGovernor } from './open-governor.js';
export type { GovernorOptions } from './open-governor.js';
export type { MeshGovernor } from './mesh-governor.js';
export type { LimiterMode } from './rate/rate-limiter.js';
export { PolicyIndex } from './policy/policy-index.js';

// Tuning
export type { BreakerRules } from './breaker/breaker.js';
export type { ConcurrencyRules } from './concurrency/adaptive-limit.js';

// Signals of providers
export { isRateLimitHeader } from './provider-signals/rate-headers.js';
export { parseRetryAfter } from './provider-signals/wait-time.js';

// Errors
export { PermitSettledError } from './governor.errors.js';
