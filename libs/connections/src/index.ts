// The integration of a tool
export { IntegrationDirectory } from './integration-directory.js';
export type { ServedTool } from './integration-directory.js';
export { hostOf, isCovered } from './host-rules.js';
export { missingScopes } from './missing-scopes.js';
export { proxyProvider } from './proxy-provider.js';

// Requests for credentials
export {
  exchangeSeconds,
  publicKeyOf,
  purposeKey,
  readTokenRequest,
  signTokenRequest,
  subjectOf,
} from './token-request.js';
export type { TokenRequest } from './token-request.js';

// Leases
export { leaseRequestId, openLease, sealLease } from './token-lease.js';
export type {
  CredentialPlace,
  LeaseAnswer,
  LeasedCredential,
  LeaseFault,
  LeaseRefusal,
} from './token-lease.js';

// Connect pages
export { longestConnectLink, readConnectLink, signConnectLink } from './connect-link.js';
export type { LinkedConnection } from './connect-link.js';
export { isConnectToken, newConnectToken } from './connect-token.js';
export type { ConnectTokenKind } from './connect-token.js';
