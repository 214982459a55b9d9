import { hash } from 'node:crypto';

import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/**
 * The idempotency key and reference of a call at its provider, the same for every attempt. Call ids are unique only
 * within a tenant, and tenants may share an account at a provider. Two calls with one id would be one effect there. The
 * key has the form of a UUID (version 8), which all providers take.
 */
export function providerKeyOf(call: Pick<AcceptedCall, 'tenant_id' | 'user_id' | 'call_id'>): string {
  const digest = hash('sha256', JSON.stringify([call.tenant_id, call.user_id, call.call_id]), 'hex');
  const variant = ((parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
