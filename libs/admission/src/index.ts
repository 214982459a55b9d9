// Acceptance
export { acceptCall } from './accept-call.js';
export type { Acceptance } from './accept-call.js';
export { ToolRegistry } from './tool-registry.js';
export type { RegisteredTool } from './tool-registry.js';

// Refusals
export { admissionRefusals, CallRefusedError } from './admission.errors.js';
export type { AdmissionRefusal, RequestProblem } from './admission.errors.js';
export { refusedOutcome } from './refused-outcome.js';

// API keys
export { ApiKey, apiKeyVariable, newApiKey } from './api-key.js';
