import { fileURLToPath } from 'node:url';

import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import type { TriggerSettings } from '@action-mesh/contracts/webhooks';
import { createDatabase } from '@action-mesh/devstack';
import { newId } from '@action-mesh/kernel';
import { createPool, migrate } from '@action-mesh/postgres';
import type pg from 'pg';

import { PostgresTriggerStore } from '../src/adapters/postgres/postgres-trigger-store.js';
import type { Secrets } from '../src/application/secrets.port.js';

/** Seals nothing: the tests of the vault are elsewhere. */
const plainSecrets: Secrets = {
  seal: (_place, secret) => Promise.resolve(Buffer.from(secret)),
  open: (_place, sealed) => Promise.resolve(sealed.toString()),
};

/** The record of triggers in a database of its own. */
export interface TriggerStage {
  readonly pool: pg.Pool;
  readonly store: PostgresTriggerStore;
  readonly declare: (name: string, settings: TriggerSettings, nextAtMs?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openTriggerStage(): Promise<TriggerStage> {
  const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_triggers');
  const folder = fileURLToPath(new URL('../migrations', import.meta.url));
  await migrate({ url: database.url, schema: 'webhooks', folder });
  const pool = createPool({
    url: database.url,
    schema: 'webhooks',
    role: 'service',
    applicationName: 'test',
    maxConnections: 4,
  });
  const store = new PostgresTriggerStore(pool, plainSecrets);
  return {
    pool,
    store,
    async declare(name, settings, nextAtMs) {
      await store.change('acme', name, () => ({
        tenantId: 'acme',
        name,
        settings,
        secrets: [],
        revision: newId(),
        nextAtMs,
        createdAtMs: Date.now(),
        updatedAtMs: Date.now(),
        updatedBy: 'test',
      }));
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

/** An event of the tenant `acme`. */
export function eventOf(trigger: string, deliveryId: string, more: Partial<FiredTrigger> = {}): FiredTrigger {
  return {
    trigger_id: newId(),
    tenant_id: 'acme',
    trigger,
    scheme: 'github',
    delivery_id: deliveryId,
    payload: { text: 'a \u0000 b' },
    received_at: new Date().toISOString(),
    ...more,
  };
}
