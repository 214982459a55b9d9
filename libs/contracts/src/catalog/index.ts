// Events
export {
  ToolPublished,
  bodyBindingSchema,
  compensationSchema,
  derivedArgumentSchema,
  effectSchema,
  failureRuleSchema,
  httpBindingSchema,
  parameterSchema,
  presetSchema,
  referenceSchema,
  responseSize,
  retryPolicySchema,
  securityRequirementSchema,
  toolWarningSchema,
} from './tool-published.v1.js';
export { ToolkitPublished } from './toolkit-published.v1.js';
export type { Channel, Toolkit } from './toolkit-published.v1.js';
export type {
  Compensation,
  EffectClass,
  Pagination,
  SecurityRequirement,
  Tool,
  ToolWarning,
} from './tool-published.v1.js';

// Imports of toolkits
export { changeKinds } from './toolkit-import.js';
export type {
  Change,
  ChangeKind,
  ConflictedOverride,
  ImportedToolkit,
  ImportSource,
  ToolDifference,
} from './toolkit-import.js';

// Names and versions in requests. The catalog's events use them too.
export { isMetaTool, nameSchema, toolkitVersionSchema, toolSlugSchema } from '../gateway/index.js';
