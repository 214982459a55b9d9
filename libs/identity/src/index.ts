// Keys
export { keyDigest, newKeyText, readKeyText } from './key-text.js';
export type { KeyText } from './key-text.js';

// Callers
export { IdentityDirectory } from './identity-directory.js';
export { ToolAllowList } from './tool-allow-list.js';
export { isUserToken, userTokenAudience, UserTokens } from './user-tokens.js';
export { isLimited } from './principal.js';
export type { Authentication, AuthenticationFault, Principal } from './principal.js';

// Kill switches
export { KillSwitches } from './kill-switches.js';
export type { SwitchedCall } from './kill-switches.js';
