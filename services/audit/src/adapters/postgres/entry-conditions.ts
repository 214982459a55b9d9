import type { AuditQuery } from '@action-mesh/contracts/audit';

/** The conditions of a query as SQL, with the values of their parameters. */
export interface EntryConditions {
  /** Whether an index finds the few entries that fit, so the search needs no bound. */
  readonly indexed: boolean;
  readonly conditions: readonly string[];
  readonly values: unknown[];
}

/** The columns that a filter compares, by the name of the filter. */
const compared = {
  call_id: 'call_id',
  run_id: 'run_id',
  trace_id: 'trace_id',
  agent_id: 'agent_id',
  tool: 'tool',
  kind: 'kind',
  status: 'status',
  error_category: 'error_category',
} as const;

const withIndex = ['call_id', 'run_id', 'trace_id', 'user_id'] as const;

export function entryConditions(tenantId: string, query: AuditQuery): EntryConditions {
  const values: unknown[] = [tenantId];
  const conditions = ['e.tenant_id = $1'];
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  for (const [name, column] of Object.entries(compared)) {
    const value = query[name as keyof typeof compared];
    if (value !== undefined) add((parameter) => `e.${column} = ${parameter}`, value);
  }
  if (query.user_id !== undefined)
    add(
      (parameter) =>
        `e.person = (SELECT p.person FROM person p WHERE p.tenant_id = $1 AND p.user_id = ${parameter})`,
      query.user_id,
    );
  if (query.from !== undefined) add((parameter) => `e.at >= ${parameter}::timestamptz`, query.from);
  if (query.to !== undefined) add((parameter) => `e.at < ${parameter}::timestamptz`, query.to);
  return { indexed: withIndex.some((name) => query[name] !== undefined), conditions, values };
}
