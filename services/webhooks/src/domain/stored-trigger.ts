import { randomUUID } from 'node:crypto';

import type { TriggerSettings, TriggerView } from '@action-mesh/contracts/webhooks';
import { defined } from '@action-mesh/kernel';
import { newTriggerSecret } from '@action-mesh/triggers';

import { TriggerConflictError } from './trigger.errors.js';

/** A secret of a trigger in the record. */
export interface StoredSecret {
  readonly id: string;
  readonly secret: string;
  readonly createdAtMs: number;
  /** The end of its overlap with a successor. */
  readonly expiresAtMs?: number | undefined;
}

/** A trigger in the record. */
export interface StoredTrigger {
  readonly tenantId: string;
  readonly name: string;
  readonly settings: TriggerSettings;
  /** The newest first. */
  readonly secrets: readonly StoredSecret[];
  readonly revision: string;
  readonly nextAtMs?: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

/** The most secrets of a trigger that are valid at once. */
export const mostSecrets = 5;

/** A secret for the record. */
export function storedSecret(secret: string, nowMs: number): StoredSecret {
  return { id: randomUUID(), secret, createdAtMs: nowMs };
}

/** The secrets of a trigger that have not expired. */
export function validSecrets(secrets: readonly StoredSecret[], nowMs: number): readonly StoredSecret[] {
  return secrets.filter(({ expiresAtMs = Infinity }) => expiresAtMs > nowMs);
}

/**
 * Puts a new secret before the former ones, which stay valid for the overlap. No former secret lives longer than before.
 * Throws `TriggerConflictError` for too many secrets at once.
 */
export function rotatedSecrets(
  former: readonly StoredSecret[],
  next: StoredSecret,
  overlapMs: number,
): readonly StoredSecret[] {
  const nowMs = next.createdAtMs;
  const endMs = nowMs + overlapMs;
  const kept = validSecrets(former, nowMs)
    .map((secret) => ({ ...secret, expiresAtMs: Math.min(secret.expiresAtMs ?? Infinity, endMs) }))
    .filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  if (kept.length >= mostSecrets)
    throw new TriggerConflictError(
      `the trigger has ${mostSecrets} valid secrets already; rotate with "overlap_seconds": 0 to end them`,
    );
  return [next, ...kept];
}

/** A fresh secret. Throws `TriggerConflictError` where the other system makes it. */
export function freshSecret({ scheme }: TriggerSettings): string {
  const secret = newTriggerSecret(scheme);
  if (secret !== undefined) return secret;
  throw new TriggerConflictError(
    `the other system makes the secret of the scheme ${scheme}; copy it from there into the request`,
  );
}

/** A trigger for its tenant. */
export function triggerView(
  { tenantId, name, settings, secrets, ...stored }: StoredTrigger,
  more: {
    readonly publicUrl: string;
    readonly published: boolean;
    readonly nowMs: number;
    readonly secret?: string;
  },
): TriggerView {
  return {
    trigger: name,
    ...settings,
    ...defined({
      url: settings.scheme === 'api_key' ? undefined : `${more.publicUrl}/hooks/${tenantId}/${name}`,
      secret: more.secret,
      next_at: stored.nextAtMs === undefined ? undefined : new Date(stored.nextAtMs).toISOString(),
    }),
    secrets: validSecrets(secrets, more.nowMs).map(({ id, createdAtMs, expiresAtMs }) => ({
      id,
      created_at: new Date(createdAtMs).toISOString(),
      ...defined({ expires_at: expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString() }),
    })),
    published: more.published,
    created_at: new Date(stored.createdAtMs).toISOString(),
    updated_at: new Date(stored.updatedAtMs).toISOString(),
    updated_by: stored.updatedBy,
  };
}
