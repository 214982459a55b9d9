import type pg from 'pg';

import type { RepeatableMigration } from './migration-files.js';
import { inTransaction } from './migration-transaction.js';
import { MigrationError } from './postgres.errors.js';
import { planRepeatable } from './repeatable-plan.js';

interface Row {
  readonly name: string;
  readonly digest: string;
  readonly revision: number;
  /** Its objects in the order in which they can be dropped, in the notation of `DROP`: `ROUTINE f(integer)`. */
  readonly objects: readonly string[];
}

/** The routines, types and relations of the schema, the newest first. */
const objectsOfSchema = `
  SELECT object FROM (
    SELECT p.oid, 'ROUTINE ' || p.oid::regprocedure AS object
      FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
    UNION ALL
    SELECT t.oid, 'TYPE ' || t.oid::regtype
      FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typnamespace = current_schema()::regnamespace
       AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
    UNION ALL
    SELECT c.oid, 'relation ' || c.oid::regclass
      FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind NOT IN ('c', 'i', 't')) o
   ORDER BY oid DESC`;

/**
 * Brings functions and types up to date, all in one transaction. Returns the names of the applied files. An applied file
 * replaces all objects of its former revision, even those with another signature.
 */
export async function applyRepeatable(
  client: pg.Client,
  files: readonly RepeatableMigration[],
): Promise<string[]> {
  if (files.length === 0) return [];
  const { rows } = await client.query<Row>(
    'SELECT name, digest, revision, objects FROM migration WHERE revision IS NOT NULL',
  );
  const applied = new Map(rows.map((row) => [row.name, row]));
  const plan = planRepeatable(files, applied);
  if (plan.length === 0) return [];
  await inTransaction(client, async (within) => {
    for (const { name } of plan.toReversed()) {
      within(name);
      for (const object of applied.get(name)?.objects ?? [])
        await client.query(`DROP ${nameIfExists(object)}`);
    }
    for (const file of plan) {
      within(file.name);
      await replace(client, file);
    }
  });
  return plan.map(({ name }) => name);
}

async function replace(
  client: pg.Client,
  { name, sql, digest, revision }: RepeatableMigration,
): Promise<void> {
  const before = new Set(await listObjects(client));
  await client.query(sql);
  const objects = (await listObjects(client)).filter((object) => !before.has(object));
  const relation = objects.find((object) => object.startsWith('relation '));
  if (relation !== undefined)
    throw new MigrationError(`it creates the ${relation}; put that into an ordered migration`);
  await client.query(
    `INSERT INTO migration (name, digest, revision, objects) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE
        SET digest = excluded.digest, revision = excluded.revision, objects = excluded.objects, applied_at = now()`,
    [name, digest, revision, objects],
  );
}

async function listObjects(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ object: string }>(objectsOfSchema);
  return rows.map(({ object }) => object);
}

/** Turns `ROUTINE f(integer)` into `ROUTINE IF EXISTS f(integer)`: a person may have dropped the object by hand. */
function nameIfExists(object: string): string {
  return object.replace(' ', ' IF EXISTS ');
}
