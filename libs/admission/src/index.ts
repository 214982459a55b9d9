// What becomes a call
export { acceptCall } from './accept-call.js';
export type { Acceptance } from './accept-call.js';
export { ToolShelf } from './tool-shelf.js';
export type { ShelvedTool } from './tool-shelf.js';

// What does not
export { admissionRefusals, CallRefusedError } from './admission.errors.js';
export type { AdmissionRefusal, RequestProblem } from './admission.errors.js';
export { refusedOutcome } from './refused-outcome.js';

// Who is let in
export { ApiKey, apiKeyVariable, newApiKey } from './api-key.js';
