// Events
export {
  ToolPublished,
  compensationSchema,
  derivedArgumentSchema,
  effectSchema,
  httpBindingSchema,
  parameterSchema,
  referenceSchema,
  retryPolicySchema,
} from './tool-published.v1.js';
export type { Compensation, EffectClass, Tool } from './tool-published.v1.js';
