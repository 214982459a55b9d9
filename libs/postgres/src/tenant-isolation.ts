import type pg from 'pg';

import { serviceRoleOf, tenantRoleOf } from './schema-roles.js';

/**
 * The isolation of tenants in a schema.
 *
 * - TI1: every table with a column `tenant_id` or `tenants` has row-level security, forced on its owner too. The
 *   partitions of a table count as tables.
 * - TI2: the role of tenants reads and writes only rows of the tenant in the setting `mesh.tenant`. A row with several
 *   tenants belongs to a tenant if it names no other. Without the setting it finds no row.
 * - TI3: the role of tenants has no right on any other table. A migration may grant one.
 * - TI4: the role of the service reads and writes all rows. It owns nothing, and cannot write the table `migration`.
 */

interface TenantTable {
  readonly name: string;
  readonly column: 'tenant_id' | 'tenants';
}

/** After a transaction that set it, the setting is an empty text and not null. */
const tenant = `nullif(current_setting('mesh.tenant', true), '')`;

const isOwn: Readonly<Record<TenantTable['column'], string>> = {
  tenant_id: `tenant_id = ${tenant}`,
  tenants: `tenants <> '{}' AND ${tenant} = ALL (tenants)`,
};

/** The tables with a tenant column that are not isolated yet (TI1, TI2). */
const openTables = `
  SELECT c.oid::regclass::text AS name, a.attname AS column
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('tenant_id', 'tenants') AND NOT a.attisdropped
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
     AND NOT (c.relrowsecurity AND c.relforcerowsecurity
              AND 2 = (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname IN ('tenant', 'service')))
   ORDER BY c.oid`;

/**
 * Gives the service's role its rights on the present and later tables of the login user (TI4). Later tables take them
 * from the default privileges.
 */
export async function grantServiceRights(client: pg.Client, schema: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_default_acl a JOIN pg_roles r ON r.oid = a.defaclrole
      WHERE a.defaclnamespace = $1::regnamespace AND r.rolname = current_user`,
    [schema],
  );
  if (rowCount !== 0) return;
  const [service, tenants] = [serviceRoleOf(schema), tenantRoleOf(schema)];
  await client.query(`
    GRANT USAGE ON SCHEMA ${schema} TO ${service}, ${tenants};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${service};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${service}, ${tenants};
    REVOKE ALL ON migration FROM ${service};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${service};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${service}, ${tenants}`);
}

/** Isolates every table with a tenant column that is not isolated yet. */
export async function isolateTenants(client: pg.Client, schema: string): Promise<void> {
  const [service, tenants] = [serviceRoleOf(schema), tenantRoleOf(schema)];
  const { rows } = await client.query<TenantTable>(openTables);
  for (const { name, column } of rows) {
    await client.query(`
      ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      DROP POLICY IF EXISTS tenant ON ${name};
      DROP POLICY IF EXISTS service ON ${name};
      CREATE POLICY tenant ON ${name} TO ${tenants} USING (${isOwn[column]}) WITH CHECK (${isOwn[column]});
      CREATE POLICY service ON ${name} TO ${service} USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO ${tenants}`);
  }
}
