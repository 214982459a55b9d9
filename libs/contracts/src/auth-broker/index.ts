// Events
export { ConnectionChanged } from './connection-changed.v1.js';
export { IdentityPublished, identityKey } from './identity-published.v1.js';
export { IntegrationPublished, integrationKey } from './integration-published.v1.js';
export { PolicyPublished, policyKey } from './policy-published.v1.js';
export { TokenLeased } from './token-leased.v1.js';
export { TokenRequested } from './token-requested.v1.js';

// Connections
export {
  accountSchema,
  changedConnectionSchema,
  connectionChangeSchema,
  connectionStateSchema,
  hostRuleSchema,
  integrationIdSchema,
  integrationSchema,
  reauthReasonSchema,
} from './connection.js';
export type {
  Account,
  ChangedConnection,
  ConnectionChange,
  ConnectionState,
  Integration,
  ReauthReason,
} from './connection.js';
export {
  connectCallbackRequestSchema,
  connectCompletionSchema,
  connectCookieNames,
  connectPageRequestSchema,
  connectReplySchema,
  connectSessionRequestSchema,
  connectSessionViewSchema,
  connectionPageSchema,
  connectionQuerySchema,
  connectionViewSchema,
  integrationRequestSchema,
  integrationViewSchema,
  providerViewSchema,
  usableConnectionsSchema,
} from './connection-views.js';
export type {
  ConnectCallbackRequest,
  ConnectPageRequest,
  ConnectReply,
  ConnectSessionRequest,
  ConnectSessionView,
  ConnectionPage,
  ConnectionQuery,
  ConnectionView,
  IntegrationRequest,
  IntegrationView,
  ProviderView,
  UsableConnections,
} from './connection-views.js';

// Policies
export {
  argumentConditionSchema,
  policyContentSchema,
  policyEffectClassSchema,
  policyEffectSchema,
  policyIdSchema,
  policyLimits,
  policyMatchSchema,
  policyRuleSchema,
} from './policy.js';
export type { ArgumentCondition, PolicyContent, PolicyEffect, PolicyMatch, PolicyRule } from './policy.js';
export {
  policyExplanationSchema,
  policyListSchema,
  policyQuestionSchema,
  policyRequestSchema,
  policyViewSchema,
} from './policy-views.js';
export type {
  PolicyExplanation,
  PolicyList,
  PolicyQuestion,
  PolicyRequest,
  PolicyView,
} from './policy-views.js';

// Identity
export {
  environmentSchema,
  keyIdSchema,
  publicJwkSchema,
  quotaSchema,
  switchTargetSchema,
  tenantIdSchema,
  toolPatternSchema,
} from './identity.js';
export type {
  Identity,
  KeyEnvironment,
  KeyIdentity,
  KeyUse,
  KillSwitch,
  PublicJwk,
  Quota,
  QuotaRate,
  SwitchTarget,
  TenantIdentity,
} from './identity.js';

// Scopes and roles
export { keyScopeSchema, roleNames, roleSchema, roleScopes, scopeNames } from './scope.js';
export type { KeyScope, Role } from './scope.js';

// Requests and views
export {
  createdKeySchema,
  keyRequestSchema,
  keyRotationSchema,
  keyViewSchema,
  reportedKeyUsesSchema,
  switchRequestSchema,
  switchViewSchema,
  tenantRequestSchema,
  tenantViewSchema,
} from './identity-views.js';
export type {
  CreatedKey,
  KeyRequest,
  KeyView,
  ReportedKeyUses,
  SwitchRequest,
  SwitchView,
  TenantRequest,
  TenantView,
} from './identity-views.js';
