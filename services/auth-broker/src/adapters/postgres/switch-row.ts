import { IdentityPublished, type KillSwitch } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

/** A row of `kill_switch` that is on. */
export interface SwitchRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly target_type: string;
  readonly target_value: string;
  readonly reason: string;
  readonly turned_on_by: string;
  readonly since: Date;
}

/** The columns of a `SwitchRow`. */
export const switchColumns = 'id, tenant_id, target_type, target_value, reason, turned_on_by, since';

export function killSwitchOf(row: SwitchRow): KillSwitch {
  const identity = IdentityPublished.schema.parse({
    kind: 'switch',
    id: row.id,
    target: { type: row.target_type, value: row.target_value },
    reason: row.reason,
    by: row.turned_on_by,
    since: row.since.toISOString(),
    ...defined({ tenant_id: row.tenant_id ?? undefined }),
  });
  if (identity.kind !== 'switch') throw new TypeError('a row of kill_switch is no switch');
  return identity;
}
