import type { KillSwitch, SwitchTarget } from '@action-mesh/contracts/auth-broker';

/** The properties of a call that a kill switch can select. */
export interface SwitchedCall {
  readonly tenantId: string;
  readonly keyId?: string | undefined;
  readonly userId: string;
  readonly agentId?: string | undefined;
  readonly tool: string;
  readonly provider?: string | undefined;
}

/** The kill switches that are on. A check costs a few lookups, and none while no switch is on. */
export class KillSwitches {
  readonly #byId = new Map<string, KillSwitch>();
  readonly #byTarget = new Map<string, KillSwitch[]>();

  /** Whether any switch is on. The way of a call asks this first. */
  get areOn(): boolean {
    return this.#byId.size > 0;
  }

  put(killSwitch: KillSwitch): void {
    this.remove(killSwitch.id);
    this.#byId.set(killSwitch.id, killSwitch);
    const key = keyOf(killSwitch.target);
    const others = this.#byTarget.get(key);
    if (others === undefined) this.#byTarget.set(key, [killSwitch]);
    else others.push(killSwitch);
  }

  remove(id: string): void {
    const before = this.#byId.get(id);
    if (before === undefined) return;
    this.#byId.delete(id);
    const key = keyOf(before.target);
    const left = (this.#byTarget.get(key) ?? []).filter((each) => each.id !== id);
    if (left.length === 0) this.#byTarget.delete(key);
    else this.#byTarget.set(key, left);
  }

  /** The switches that are on, those of all tenants included. */
  all(): readonly KillSwitch[] {
    return [...this.#byId.values()];
  }

  find(id: string): KillSwitch | undefined {
    return this.#byId.get(id);
  }

  /** A switch that covers the call, or undefined. */
  covering(call: SwitchedCall): KillSwitch | undefined {
    if (this.#byId.size === 0) return undefined;
    const { tenantId, keyId, userId, agentId, tool, provider } = call;
    return (
      this.#of('tenant', tenantId, tenantId) ??
      this.#of('key', keyId, tenantId) ??
      this.#of('user', userId, tenantId) ??
      this.#of('agent', agentId, tenantId) ??
      this.#of('tool', tool, tenantId) ??
      this.#of('provider', provider, tenantId)
    );
  }

  /** A switch that covers the key itself, whatever its call is. */
  coveringKey(tenantId: string, keyId: string | undefined): KillSwitch | undefined {
    return this.#of('key', keyId, tenantId);
  }

  #of(type: SwitchTarget['type'], value: string | undefined, tenantId: string): KillSwitch | undefined {
    if (value === undefined) return undefined;
    return this.#byTarget
      .get(keyOf({ type, value }))
      ?.find((each) => each.tenant_id === undefined || each.tenant_id === tenantId);
  }
}

function keyOf({ type, value }: { readonly type: SwitchTarget['type']; readonly value: string }): string {
  return `${type}/${value}`;
}
