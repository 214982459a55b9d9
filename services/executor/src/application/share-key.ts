import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { ShareKey } from './fair-share.js';

/**
 * The client of a call from the provider's point of view: the connection of the request, or tenant and user. With the
 * provider's static credential, all users of the tenant are one client. The text begins with the tenant, so no caller
 * can name the credential of another tenant.
 */
export function credentialOf(
  call: Pick<AcceptedCall, 'tenant_id' | 'user_id' | 'connection_id'>,
  provider: string,
  isStatic = false,
  connectionId = call.connection_id,
): string {
  const owner = segment(call.tenant_id);
  if (isStatic) return `${owner}/credential:${provider}`;
  return connectionId === undefined
    ? `${owner}/${segment(call.user_id)}/${provider}`
    : `${owner}/connection:${segment(connectionId)}`;
}

/** Encodes a name: names may hold slashes. */
function segment(name: string): string {
  return name.replace(/[%/]/g, encodeURIComponent);
}

/** The share of the slots in which a call runs. Users take turns there, even when they share a static credential. */
export function shareKeyOf(call: AcceptedCall, provider: string): ShareKey {
  return { tenantId: call.tenant_id, credential: credentialOf(call, provider) };
}
