// What becomes a call
export { acceptCall } from './accept-call.js';
export type { Acceptance } from './accept-call.js';
export { ToolRegistry } from './tool-registry.js';
export type { RegisteredTool } from './tool-registry.js';

// What does not
export { admissionRefusals, CallRefusedError } from './admission.errors.js';
export type { AdmissionRefusal, RequestProblem } from './admission.errors.js';
export { refusedOutcome } from './refused-outcome.js';

// Who is let in
export { ApiKey, apiKeyVariable, newApiKey } from './api-key.js';
