import type { CallPage, CallQuery } from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import { isId } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import type { Pool } from 'pg';

import type { CallRecords, IntendedCall } from '../../../application/administration/call-records.port.js';
import { providerKeyOf } from '../../../domain/provider-key.js';
import type { StoredResult, StoredResults } from '../../../application/files.port.js';
import { readCalls } from './call-page.js';

interface IntentRow {
  readonly request: string;
  readonly provider_key: string | null;
  readonly digest: Buffer | null;
}

/** The recorded calls in the ledger's tables, read as the role of their tenant. */
export class PostgresCallRecords implements CallRecords, StoredResults {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  page(tenantId: string, query: CallQuery): Promise<CallPage> {
    return withTenant(this.#pool, tenantId, (client) => readCalls(client, tenantId, query));
  }

  async intended(tenantId: string, callId: string): Promise<IntendedCall | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<IntentRow>({
        name: 'call_intent',
        text: `SELECT c.request, c.provider_key, c.digest
               FROM submission s, LATERAL (
                 SELECT request, provider_key, digest FROM call
                  WHERE tenant_id = s.tenant_id AND user_id = s.user_id AND hash = s.hash
                    AND call_id = coalesce(s.original_id, s.call_id)
                 UNION ALL
                 SELECT request, provider_key, digest FROM call_history
                  WHERE tenant_id = s.tenant_id AND call_id = coalesce(s.original_id, s.call_id)
                 LIMIT 1) c
              WHERE s.tenant_id = $1 AND s.call_id = $2`,
        values: [tenantId, callId],
      }),
    );
    const [row] = rows;
    if (row === undefined || row.digest === null) return undefined;
    const call = CallAccepted.schema.parse(JSON.parse(row.request));
    return { call, intent: { digest: row.digest, providerKey: row.provider_key ?? providerKeyOf(call) } };
  }

  async find(
    { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
    callId: string,
  ): Promise<StoredResult | undefined> {
    if (!isId(callId)) return undefined;
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<Pick<StoredResult, 'state'> & { readonly outcome: string | null }>({
        name: 'stored_result',
        text: `SELECT c.state, c.outcome
               FROM submission s, LATERAL (
                 SELECT state, outcome FROM call
                  WHERE tenant_id = s.tenant_id AND user_id = s.user_id AND hash = s.hash
                    AND call_id = coalesce(s.original_id, s.call_id)
                 UNION ALL
                 SELECT state, outcome FROM call_history
                  WHERE tenant_id = s.tenant_id AND user_id = s.user_id
                    AND call_id = coalesce(s.original_id, s.call_id)
                 LIMIT 1) c
              WHERE s.tenant_id = $1 AND s.user_id = $2 AND s.call_id = $3 AND s.refusal IS NULL`,
        values: [tenantId, userId, callId],
      }),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return { state: row.state, ...(row.outcome === null ? {} : { outcome: row.outcome }) };
  }
}
