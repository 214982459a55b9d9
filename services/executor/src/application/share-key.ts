import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { ShareKey } from './fair-share.js';

/**
 * What a provider knows a call's user by. Until users have connections of their own, that is tenant and user. Begins with
 * the tenant, whatever a caller calls a connection, and no two tenants have one credential.
 */
export function credentialOf(
  call: Pick<AcceptedCall, 'tenant_id' | 'user_id' | 'connection_id'>,
  provider: string,
): string {
  const owner = segment(call.tenant_id);
  return call.connection_id === undefined
    ? `${owner}/${segment(call.user_id)}/${provider}`
    : `${owner}/connection:${segment(call.connection_id)}`;
}

/** Names may hold slashes. */
function segment(name: string): string {
  return name.replace(/[%/]/g, encodeURIComponent);
}

/** In whose share of the places a call runs. */
export function shareKeyOf(call: AcceptedCall, provider: string): ShareKey {
  return { tenantId: call.tenant_id, credential: credentialOf(call, provider) };
}
