// Wire types shared by the gateway's events
export {
  agentSchema,
  argumentsSchema,
  callModeSchema,
  channelSchema,
  digestSchema,
  callIdSchema,
  flowKeyPrefix,
  nameSchema,
  promptSchema,
  scopeSchema,
  semanticVersionSchema,
  toolSelectorSchema,
  toolSlugSchema,
  toolkitVersionSchema,
} from './call.js';

// Queries
export { listLimitSchema } from './list-limit.js';

// Results that fit a model
export { nextPageSchema, resultCutSchema } from './result-cut.js';
export type { CutPlace, ResultCut } from './result-cut.js';

// Meta-tools
export { executeToolSchema, isMetaTool, metaToolSlugs } from './meta-tools.js';
export type { MetaToolSlug } from './meta-tools.js';

// Events
export { AwaitedCallAccepted, BulkCallAccepted, CallAccepted } from './call-accepted.v1.js';
export type { AcceptedCall } from './call-accepted.v1.js';
export { CallSubmitted, callRequestSchema, publisherTokenHeader } from './call-submitted.v1.js';
export type { CallRequest } from './call-submitted.v1.js';
export {
  longestDeliveryId,
  TriggerFired,
  triggerSchemeSchema,
  triggerSlugSchema,
} from './trigger-fired.v1.js';
export type { FiredTrigger, TriggerScheme } from './trigger-fired.v1.js';

// The raw proxy
export { proxyArgumentsSchema, proxyRequestSchema, proxyTool } from './proxy-request.js';
export type { ProxyArguments, ProxyRequest } from './proxy-request.js';

// Routes
export { deliveryBodyBytes, toolkitBodyBytes, usualBodyBytes } from './route.js';
export type { Route } from './route.js';
export { routes } from './routes.js';
export type { RouteName } from './routes.js';
