// Events
export {
  ToolPublished,
  effectSchema,
  httpBindingSchema,
  parameterSchema,
  retryPolicySchema,
} from './tool-published.v1.js';
export type { EffectClass, Tool } from './tool-published.v1.js';
