// Acceptance
export { acceptCall, userNotAllowed } from './accept-call.js';
export type { Acceptance, CallRights } from './accept-call.js';
export { ToolRegistry } from './tool-registry.js';
export type { RegisteredTool, ToolFilter } from './tool-registry.js';

// Refusals
export { admissionRefusals, CallRefusedError } from './admission.errors.js';
export type { AdmissionRefusal, RequestProblem } from './admission.errors.js';
export { refusedOutcome } from './refused-outcome.js';
