// Events
export { CallOutcome, outcomeErrorSchema, outcomeStatusSchema } from './call-outcome.v1.js';
export type { OutcomeOfCall } from './call-outcome.v1.js';

// Queries
export { callStateSchema, callViewSchema } from './call-view.js';
export type { CallState, CallView } from './call-view.js';
