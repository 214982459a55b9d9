import { triggerSettingsSchema } from '@action-mesh/contracts/webhooks';
import { z } from 'zod';

import type { Secrets } from '../../application/secrets.port.js';
import type { StoredSecret, StoredTrigger } from '../../domain/stored-trigger.js';

/** A row of `trigger_declaration`. */
export interface TriggerRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly settings: unknown;
  readonly secrets: Buffer | null;
  readonly revision: string;
  readonly next_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_by: string;
}

/** The columns of a {@link TriggerRow}. */
export const triggerColumns =
  'tenant_id, name, settings, secrets, revision, next_at, created_at, updated_at, updated_by';

const secretsSchema = z.array(
  z.object({
    id: z.string(),
    secret: z.string(),
    createdAtMs: z.number(),
    expiresAtMs: z.number().optional(),
  }),
);

/** The trigger of a row, with its secrets opened. */
export async function storedTriggerOf(row: TriggerRow, vault: Secrets): Promise<StoredTrigger> {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    settings: triggerSettingsSchema.parse(row.settings),
    secrets: row.secrets === null ? [] : await openSecrets(row, row.secrets, vault),
    revision: row.revision,
    nextAtMs: row.next_at?.getTime(),
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    updatedBy: row.updated_by,
  };
}

/** The secrets of a trigger as one sealed value. Null: it has none. */
export async function sealSecrets(
  { tenantId, name, secrets }: StoredTrigger,
  vault: Secrets,
): Promise<Buffer | null> {
  if (secrets.length === 0) return null;
  return vault.seal({ tenantId, owner: ['trigger', name] }, JSON.stringify(secrets));
}

async function openSecrets(
  { tenant_id: tenantId, name }: TriggerRow,
  sealed: Buffer,
  vault: Secrets,
): Promise<readonly StoredSecret[]> {
  const text = await vault.open({ tenantId, owner: ['trigger', name] }, sealed);
  return secretsSchema.parse(JSON.parse(text));
}
