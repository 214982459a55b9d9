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
  retryPolicySchema,
  securityRequirementSchema,
  toolWarningSchema,
} from './tool-published.v1.js';
export { ToolkitPublished } from './toolkit-published.v1.js';
export type { Channel, Toolkit } from './toolkit-published.v1.js';
export type {
  Compensation,
  EffectClass,
  SecurityRequirement,
  Tool,
  ToolWarning,
} from './tool-published.v1.js';
