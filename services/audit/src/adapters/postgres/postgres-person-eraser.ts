import { randomUUID } from 'node:crypto';

import type { ErasureView } from '@action-mesh/contracts/audit';
import type { Clock } from '@action-mesh/kernel';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { PersonEraser } from '../../application/person-eraser.port.js';
import type { ChainSigner } from '../../domain/signing-keys.js';
import { appendOwnEntry, lockChain } from './chain-append.js';

/** The entries that one statement empties. A statement has a time limit. */
const emptiedAtOnce = 5_000;

/** Erases persons behind the lock of their chain, so no entry with their old id comes meanwhile. */
export class PostgresPersonEraser implements PersonEraser {
  readonly #pool: pg.Pool;
  readonly #signer: ChainSigner;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(pool: pg.Pool, signer: ChainSigner, clock: Pick<Clock, 'now'>) {
    this.#pool = pool;
    this.#signer = signer;
    this.#clock = clock;
  }

  erase(tenantId: string, userId: string, keyId: string | undefined): Promise<ErasureView> {
    return transact(this.#pool, async (client) => {
      const end = await lockChain(client, tenantId);
      if (end === undefined) return { entries: 0 };
      const { rows } = await client.query<{ person: string; key: Buffer }>(
        'DELETE FROM person WHERE tenant_id = $1 AND user_id = $2 RETURNING person, key',
        [tenantId, userId],
      );
      const [person] = rows;
      if (person === undefined) return { entries: 0 };
      const entries = await emptied(client, tenantId, person.person);
      const at = new Date(this.#clock.now()).toISOString();
      const entry = {
        tenantId,
        id: randomUUID(),
        kind: 'person.erased',
        at,
        facts: { entries, ...(keyId === undefined ? {} : { key_id: keyId }) },
      } as const;
      return { entries, seq: await appendOwnEntry(client, this.#signer, entry, end, person) };
    });
  }
}

async function emptied(client: pg.ClientBase, tenantId: string, person: string): Promise<number> {
  for (let total = 0, after = 0; ; ) {
    const { rows } = await client.query<{ seq: string }>(
      `UPDATE entry SET content = NULL
        WHERE tenant_id = $1 AND seq IN (
          SELECT seq FROM entry WHERE tenant_id = $1 AND person = $2 AND seq > $3 AND content IS NOT NULL
           ORDER BY seq LIMIT ${emptiedAtOnce})
        RETURNING seq`,
      [tenantId, person, after],
    );
    total += rows.length;
    if (rows.length < emptiedAtOnce) return total;
    after = rows.reduce((highest, { seq }) => Math.max(highest, Number(seq)), after);
  }
}
