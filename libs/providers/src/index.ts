// Data
export { providers } from './registry.js';

// Definitions
export { defineProvider, providerSchema } from './provider.js';
export type {
  ClientCredentialsAuth,
  CredentialPlaceDefinition,
  DiscoveredAuth,
  FieldDefinition,
  OAuth2Auth,
  ProviderDefinition,
} from './provider.js';

// Definitions with all defaults
export { consentTraits, endpointTraits, refreshTraits, tokenAnswerTraits } from './traits.js';
export type {
  ConsentTraits,
  EndpointTraits,
  RefreshTraits,
  RevocationTraits,
  TokenAnswerTraits,
} from './traits.js';
export { tokenErrorKind, tokenErrorOf } from './token-errors.js';
export type { TokenErrorKind } from './token-errors.js';

// Values in addresses
export {
  fieldProblems,
  resolveParameters,
  resolveTemplate,
  resolveText,
  settingProblems,
} from './template.js';
export type { TemplateValues } from './template.js';
export { ProviderError } from './provider.errors.js';
export type { ProviderErrorCode } from './provider.errors.js';

// Credentials
export { credentialPlaces } from './credential-places.js';
export type { CredentialParts } from './credential-places.js';

// Accounts
export { accountOf, accountRequest, baseRequest } from './account.js';
export type { AccountRequest } from './account.js';
export { baseOf, hostsOf } from './account-address.js';
export type { BaseFacts, BaseReplacement } from './account-address.js';
export { withoutSlash } from './address.js';
export { expandScopes, ordinaryScopes } from './scopes.js';
export { textAt, valueAt } from './value-at.js';
