import type { KeyIdentity } from '@action-mesh/contracts/auth-broker';
import type pg from 'pg';

import { isKnown, keyColumns, storedKeyOf, type KeyRow } from './key-row.js';

/** A key as it was when the transaction `version` wrote its row. */
interface ReadKey {
  readonly version: string;
  readonly identity: KeyIdentity;
}

/**
 * Reads the known keys as identities, again and again. A row that no transaction has written since is neither sent nor
 * checked again, so a reading of many thousand keys takes milliseconds.
 */
export class KeyIdentities {
  #read: ReadonlyMap<string, ReadKey> = new Map();

  async read(client: pg.ClientBase, nowMs: number): Promise<KeyIdentity[]> {
    const now = new Date(nowMs);
    const versions = await client.query<{ id: string; version: string }>(
      `SELECT id, xmin::text AS version FROM api_key WHERE ${isKnown}`,
      [now],
    );
    const read = new Map<string, ReadKey>();
    const changed: string[] = [];
    for (const { id, version } of versions.rows) {
      const before = this.#read.get(id);
      if (before?.version === version) read.set(id, before);
      else changed.push(id);
    }
    if (changed.length > 0) {
      const { rows } = await client.query<KeyRow & { version: string }>(
        `SELECT ${keyColumns}, xmin::text AS version FROM api_key WHERE ${isKnown} AND id = ANY ($2)`,
        [now, changed],
      );
      for (const row of rows) read.set(row.id, { version: row.version, identity: storedKeyOf(row).identity });
    }
    this.#read = read;
    return [...read.values()].map(({ identity }) => identity);
  }
}
