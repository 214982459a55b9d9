import { defined } from '@action-mesh/kernel';

import type { IssuedTokens, StoredCredential } from './credential.js';

/** The new credential of an answer. A refresh that gives no refresh token keeps the former one (RFC 6749, section 6). */
export function renewedCredential(
  before: StoredCredential,
  issued: Pick<IssuedTokens, 'accessToken' | 'refreshToken'>,
): StoredCredential {
  if (before.kind === 'fields') return before;
  if (before.kind === 'client_credentials') return { ...before, accessToken: issued.accessToken };
  return {
    kind: 'oauth2',
    accessToken: issued.accessToken,
    ...defined({ refreshToken: issued.refreshToken ?? before.refreshToken }),
  };
}
