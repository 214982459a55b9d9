import type pg from 'pg';

/** The faults of a schema whose tables row-level security has to isolate. Each line names one object and its fault. */
export async function isolationFaults(admin: pg.ClientBase, schema: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { check, text } of checks) {
    const { rows } = await admin.query<{ name: string }>(text.replaceAll('$1', quoted(schema)));
    faults.push(...rows.map(({ name }) => `${name} ${check}`));
  }
  return faults.sort();
}

const tablesWithTenants = `
  SELECT DISTINCT i.table_name, format('%I.%I', i.table_schema, i.table_name)::regclass AS id
    FROM information_schema.columns i WHERE i.table_schema = $1 AND i.column_name ~ 'tenant'`;

const isOwn: Readonly<Record<string, string>> = {
  tenant_id: `(tenant_id = NULLIF(current_setting('mesh.tenant'::text, true), ''::text))`,
  tenants: `((tenants <> '{}'::text[]) AND (NULLIF(current_setting('mesh.tenant'::text, true), ''::text) = ALL (tenants)))`,
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const policy = (role: string, condition: string): string => `
  EXISTS (SELECT FROM pg_policy p
           WHERE p.polrelid = t.id AND p.polpermissive AND p.polcmd = '*'
             AND p.polroles = ARRAY[($1 || '_${role}')::regrole::oid]
             AND pg_get_expr(p.polqual, p.polrelid) IN (${condition})
             AND pg_get_expr(p.polwithcheck, p.polrelid) IN (${condition}))`;

const checks: readonly { readonly check: string; readonly text: string }[] = [
  {
    check: 'has a column for tenants with another name than tenant_id or tenants',
    text: `SELECT table_name AS name FROM information_schema.columns
            WHERE table_schema = $1 AND column_name ~ 'tenant' AND column_name NOT IN ('tenant_id', 'tenants')`,
  },
  {
    check: 'does not enable and force row-level security',
    text: `SELECT table_name AS name FROM (${tablesWithTenants}) t JOIN pg_class c ON c.oid = t.id
            WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  },
  {
    check: 'has no policy for the role of tenants',
    text: `SELECT table_name AS name FROM (${tablesWithTenants}) t
            WHERE NOT ${policy('tenant', Object.values(isOwn).map(quoted).join(', '))}`,
  },
  {
    check: 'has no policy for the role of the service',
    text: `SELECT table_name AS name FROM (${tablesWithTenants}) t WHERE NOT ${policy('service', "'true'")}`,
  },
  {
    check: 'has a policy beside these two',
    text: `SELECT table_name AS name FROM (${tablesWithTenants}) t
            WHERE (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.id) > 2`,
  },
  {
    check: 'belongs to a role of the service',
    text: `SELECT relname AS name FROM pg_class
            WHERE relnamespace = $1::regnamespace AND pg_get_userbyid(relowner) ~ ('^' || $1 || '_(service|tenant)$')`,
  },
  {
    check: 'is a view without the rights of its reader',
    text: `SELECT relname AS name FROM pg_class
            WHERE relnamespace = $1::regnamespace
              AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))`,
  },
  {
    check: 'runs with the rights of its owner',
    text: `SELECT proname AS name FROM pg_proc WHERE pronamespace = $1::regnamespace AND prosecdef`,
  },
  {
    check: 'is a role that can log in or that row-level security does not bind',
    text: `SELECT rolname AS name FROM pg_roles r
            WHERE rolname IN ($1 || '_service', $1 || '_tenant')
              AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole
                   OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))`,
  },
];
