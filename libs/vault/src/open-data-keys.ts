import { DataKeys } from '@action-mesh/crypto';
import { Repeater, type DeepReadonly, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Pool } from 'pg';

import { PostgresDataKeyStore } from './postgres-data-key-store.js';
import { keyProviderOf, type VaultKeys } from './vault-keys.js';

const rewrapEveryMs = 60 * 60_000;

/**
 * Opens the data keys of a service, and keeps them wrapped under its present keys. Rejects when the keys do not fit to
 * the database.
 */
export async function openDataKeys(
  vault: DeepReadonly<VaultKeys>,
  pool: Pool,
  logger: Logger,
  open: OpenResources,
): Promise<DataKeys> {
  const keys = new DataKeys(keyProviderOf(vault), new PostgresDataKeyStore(pool));
  await keys.check();
  open.use(
    new Repeater({
      run: async () => {
        const { wrapped, dropped } = await keys.rewrap();
        if (wrapped + dropped > 0)
          logger.info(
            { wrapped, dropped },
            'data keys were wrapped anew, since the keys of the vault changed',
          );
      },
      firstAfterMs: 0,
      everyMs: rewrapEveryMs,
      onError: (err) => logger.warn({ err }, 'data keys could not be wrapped anew and will be tried again'),
    }),
  );
  return keys;
}
