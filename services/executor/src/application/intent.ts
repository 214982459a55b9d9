import { hash } from 'node:crypto';

import type { Intent } from './ledger.port.js';
import type { ProviderRequest } from './tools.port.js';

/**
 * The intent to send exactly this request. It leaves out trace headers, because they differ by attempt. A
 * credential is no part of it.
 */
export function intentOf(request: ProviderRequest, providerKey: string, connectionId?: string): Intent {
  const { method, url, headers, body } = request;
  const content =
    typeof body === 'string' || body === undefined ? (body ?? null) : hash('sha256', body, 'hex');
  const digest = hash('sha256', JSON.stringify([method, url, headers, content]), 'buffer');
  return connectionId === undefined ? { digest, providerKey } : { digest, providerKey, connectionId };
}
