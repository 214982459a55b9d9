// Events
export { IdentityPublished, identityKey } from './identity-published.v1.js';

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
