// Verification
export { verifyRequest } from './verify-request.js';
export type { VerifiableTrigger, Verification } from './verify-request.js';
export type { SignatureFault, SignedRequest } from './schemes/signed-request.js';

// Secrets
export { keyOfSecret, newTriggerSecret } from './schemes/secret-keys.js';
export { SealedTriggerSecrets } from './trigger-secrets.js';
export type { TriggerSecret } from './trigger-secrets.js';

// Schedules
export { latestTime, nextTime, scheduleProblem } from './schedule-times.js';

// Declared triggers
export { TriggerDirectory } from './trigger-directory.js';
export type { KnownTrigger } from './trigger-directory.js';
