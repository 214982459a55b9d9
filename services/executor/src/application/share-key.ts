import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { ShareKey } from './fair-share.js';

/**
 * The name of a call's user towards a provider: tenant and user, until users have connections of their own. It begins
 * with the tenant. So no two tenants share a credential, even where a caller chooses the name of a connection.
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

/** The key of the share in which a call runs. */
export function shareKeyOf(call: AcceptedCall, provider: string): ShareKey {
  return { tenantId: call.tenant_id, credential: credentialOf(call, provider) };
}
