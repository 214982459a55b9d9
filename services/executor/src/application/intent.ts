import { hash } from 'node:crypto';

import type { Intent } from './ledger.port.js';
import type { ProviderRequest } from './tools.port.js';

/** The intent to send exactly this request. Trace headers differ by attempt and are no part of it. */
export function intentOf(request: ProviderRequest, providerKey: string): Intent {
  const exact = JSON.stringify([request.method, request.url, request.headers, request.body ?? null]);
  const digest = hash('sha256', exact, 'buffer');
  return { digest, providerKey };
}
