import { errorMessage } from '@action-mesh/kernel';
import type pg from 'pg';

import { MigrationError, sqlState } from './postgres.errors.js';

/** The role of a service's statements: it reads and writes the rows of all tenants, and owns nothing. */
export function serviceRoleOf(schema: string): string {
  return `${schema}_service`;
}

/** The role of a request: it reads and writes the rows of one tenant. */
export function tenantRoleOf(schema: string): string {
  return `${schema}_tenant`;
}

const namesOf = (schema: string): readonly string[] => [serviceRoleOf(schema), tenantRoleOf(schema)];

interface RoleRow {
  readonly name: string;
  /** Whether row-level security would not bind the role. */
  readonly is_unbound: boolean;
  /** Whether the login user may take the role. */
  readonly usable: boolean;
}

/** Starters of several databases change the roles of one cluster at once, and no advisory lock spans databases. */
const mostRounds = 10;

/**
 * Makes the two roles of a schema, and lets the login user take them. Roles belong to the whole cluster, so their names
 * carry the schema. A login user without CREATEROLE needs roles that exist; the error names the missing grant.
 */
export async function ensureRoles(client: pg.Client, schema: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      const known = await readRoles(client, schema);
      for (const name of namesOf(schema)) {
        if (!known.has(name)) await client.query(`CREATE ROLE ${name} NOLOGIN`);
        if (known.get(name)?.usable !== true) await takeRole(client, name);
      }
      refuseUnbound(await readRoles(client, schema));
      return;
    } catch (error) {
      if (isCollision(error) && round < mostRounds) continue;
      throw sqlState(error) === '42501' ? await missingGrant(client, schema, error) : error;
    }
  }
}

async function readRoles(client: pg.Client, schema: string): Promise<Map<string, RoleRow>> {
  const names = namesOf(schema);
  const { rows } = await client.query<RoleRow>(
    `SELECT rolname AS name, pg_has_role(oid, 'SET') AS usable,
            rolsuper OR rolbypassrls OR EXISTS (
              SELECT FROM pg_roles s WHERE s.rolname = $2 AND s.oid <> r.oid AND pg_has_role(r.oid, s.oid, 'MEMBER')
            ) AS is_unbound
       FROM pg_roles r WHERE rolname = ANY ($1)`,
    [names, serviceRoleOf(schema)],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** The login user does not inherit the role: without it, row-level security denies every row, even to the owner. */
async function takeRole(client: pg.Client, name: string): Promise<void> {
  await client.query(`GRANT ${name} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE`);
}

function refuseUnbound(known: ReadonlyMap<string, RoleRow>): void {
  for (const { name, is_unbound: isUnbound } of known.values()) {
    if (!isUnbound) continue;
    throw new MigrationError(
      `row-level security does not bind the role ${name}: take SUPERUSER, BYPASSRLS and the membership in other roles of the schema from it`,
    );
  }
}

/** Whether another starter changed the same role at this moment. PostgreSQL has no lock that excludes this. */
function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  return (
    state === '42710' || // duplicate object
    state === '23505' || // unique violation in a system catalog
    (state === 'XX000' && /^tuple (?:concurrently|already)/.test(errorMessage(error)))
  );
}

async function missingGrant(client: pg.Client, schema: string, cause: unknown): Promise<MigrationError> {
  const names = namesOf(schema);
  const known = await readRoles(client, schema);
  const { rows } = await client.query<{ login: string }>('SELECT quote_ident(current_user) AS login');
  const login = rows[0]?.login ?? '';
  const create = names.filter((name) => !known.has(name)).map((name) => `CREATE ROLE ${name} NOLOGIN; `);
  return new MigrationError(
    `the user of DATABASE_URL may not prepare the roles ${names.join(' and ')}: ${errorMessage(cause)}. ` +
      `Run this as an administrator: ${create.join('')}GRANT ${names.join(', ')} TO ${login}; ` +
      `or give the user the attribute CREATEROLE before the first start: ALTER ROLE ${login} CREATEROLE`,
    { cause },
  );
}
