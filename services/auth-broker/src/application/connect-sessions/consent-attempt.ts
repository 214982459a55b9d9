import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import type { Vault } from '../connections/vault.port.js';
import { secretOwnerOf } from './settle-credential.js';

const attemptSchema = z.object({
  /** The PKCE verifier. */
  verifier: z.string(),
  /** The secret in the address of the session's page. */
  session: z.string(),
  redirectUri: z.string(),
  /** A digest of the integration at the start of the attempt. */
  integration: z.string(),
  /** The issuer that the callback must name. */
  expected: z.object({ issuer: z.string(), isRequired: z.boolean() }).exactOptional(),
});

/** Everything that a callback is checked against, fixed at the start of the attempt. */
export type ConsentAttempt = z.infer<typeof attemptSchema>;

export function sealAttempt(vault: Vault, session: ConnectSession, attempt: ConsentAttempt): Promise<Buffer> {
  return vault.seal(secretOwnerOf(session), 'verifier', JSON.stringify(attempt));
}

export async function openAttempt(
  vault: Vault,
  session: ConnectSession,
  sealed: Buffer,
): Promise<ConsentAttempt> {
  return attemptSchema.parse(JSON.parse(await vault.open(secretOwnerOf(session), 'verifier', sealed)));
}

/** Changes with everything that decides where a code goes. */
export function integrationDigest({ provider, clientId, baseUrl, settings }: KnownIntegration): string {
  const parts = [provider.id, clientId ?? null, baseUrl ?? null, Object.entries(settings).sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
