// Policies
export { PolicySet } from './policy-set.js';
export type { PolicyDecision, PolicyFacts } from './policy-decision.js';
