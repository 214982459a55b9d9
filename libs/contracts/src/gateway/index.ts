// Wire types shared by the gateway's events
export {
  agentSchema,
  argumentsSchema,
  callModeSchema,
  channelSchema,
  digestSchema,
  callIdSchema,
  nameSchema,
  scopeSchema,
  semanticVersionSchema,
  toolSelectorSchema,
  toolSlugSchema,
  toolkitVersionSchema,
} from './call.js';

// Queries
export { listLimitSchema } from './list-limit.js';

// Meta-tools
export { executeToolSchema, isMetaTool, metaToolSlugs } from './meta-tools.js';
export type { MetaToolSlug } from './meta-tools.js';

// Events
export { AwaitedCallAccepted, BulkCallAccepted, CallAccepted } from './call-accepted.v1.js';
export type { AcceptedCall } from './call-accepted.v1.js';
export { CallSubmitted, callRequestSchema, publisherTokenHeader } from './call-submitted.v1.js';
export type { CallRequest } from './call-submitted.v1.js';
export { TriggerFired, triggerSlugSchema } from './trigger-fired.v1.js';
export type { FiredTrigger } from './trigger-fired.v1.js';

// Routes
export { routes, toolkitBodyBytes, usualBodyBytes } from './routes.js';
export type { Route, RouteName } from './routes.js';
