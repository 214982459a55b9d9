import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { ShareKey } from './fair-share.js';

/** What a provider knows a call's user by. Until users have connections of their own, that is tenant and user. */
export function credentialOf(call: AcceptedCall, provider: string): string {
  return call.connection_id ?? `${call.tenant_id}/${call.user_id}/${provider}`;
}

/** In whose share of the places a call runs. */
export function shareKeyOf(call: AcceptedCall, provider: string): ShareKey {
  return { tenantId: call.tenant_id, credential: credentialOf(call, provider) };
}
