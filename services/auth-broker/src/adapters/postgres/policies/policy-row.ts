import { policyRuleSchema, type PolicyRule } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

/** A row of `policy`, without its removal. */
export interface PolicyRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly content: unknown;
  readonly revision: number;
  readonly created_by: string;
  readonly at: Date;
}

/** The columns of a `PolicyRow`. */
export const policyColumns = 'tenant_id, id, content, revision, created_by, at';

const contentSchema = z.record(z.string(), z.unknown());

export function policyRuleOf({ content, at, ...row }: PolicyRow): PolicyRule {
  return policyRuleSchema.parse({
    ...contentSchema.parse(content),
    id: row.id,
    tenant_id: row.tenant_id,
    revision: row.revision,
    created_by: row.created_by,
    at: at.toISOString(),
  });
}
