// Requests
export { Egress } from './egress.js';
export type { EgressRequest } from './egress.js';
export type { RequestHeaders } from './request-head.js';

// Clients of node:http
export { GuardedAgents } from './guarded-agents.js';

// Results
export type {
  Attempt,
  Indeterminate,
  IndeterminateReason,
  NotSent,
  NotSentCode,
  NotSentReason,
  Responded,
  ResponseHeaders,
} from './attempt.js';

// Policy
export { EgressFilter } from './egress-filter.js';
export type { Destination, OriginRules } from './egress-filter.js';
export { entryAgainst, missingEntry } from './missing-entry.js';
export type { EgressPolicy, Resolve, ResolvedAddress } from './policy.js';
export { EgressPolicyError } from './egress.errors.js';
