import type { InternalCaller } from '@action-mesh/contracts';
import type { KillSwitch, SwitchView } from '@action-mesh/contracts/auth-broker';

/** The switch as people see it. */
export function switchView(killSwitch: KillSwitch, published: boolean): SwitchView {
  const { kind: _kind, ...shown } = killSwitch;
  return { ...shown, published };
}

/**
 * Whether a switch of the whole mesh can cover calls of the tenant. A tenant does not see the others: they name tenants
 * and keys that are not its own.
 */
export function concernsTenant(
  { tenant_id: owner, target }: KillSwitch,
  { tenantId }: Pick<InternalCaller, 'tenantId'>,
  ownKeys: ReadonlySet<string>,
): boolean {
  if (owner !== undefined) return owner === tenantId;
  if (target.type === 'tenant') return target.value === tenantId;
  return target.type === 'key' ? ownKeys.has(target.value) : true;
}
