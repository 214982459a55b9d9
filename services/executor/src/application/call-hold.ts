import type { CallState } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { KillSwitches } from '@action-mesh/identity';

import { switchedCall } from './switched-call.js';
import type { Parking } from './parking.js';

/** The kill switches that a call is compared with. */
export type CallSwitches = Pick<KillSwitches, 'areOn' | 'covering'>;

const scopePrefix = 'switch:';

/** The scope of a call that a kill switch holds. */
export function holdScope(switchId: string): string {
  return scopePrefix + switchId;
}

/** The kill switch in a scope. */
export function heldBySwitch(scope: string): string {
  return scope.slice(scopePrefix.length);
}

/**
 * The wait of a call under a kill switch, without an attempt. Undefined when no switch covers it; that costs one
 * comparison while none is on. The call waits until the switch is lifted, or until its own deadline ends it. A call whose
 * effect is unknown has no such end: at its deadline, the provider would be asked.
 */
export function holdOf(
  switches: CallSwitches,
  call: AcceptedCall,
  provider: string,
  before: CallState,
  nowMs: number,
): Parking | undefined {
  if (!switches.areOn) return undefined;
  const covering = switches.covering(switchedCall(call, provider));
  if (covering === undefined) return undefined;
  const isUnsure = before === 'INDETERMINATE';
  const endsAtMs = isUnsure || call.deadline === undefined ? Infinity : Date.parse(call.deadline);
  const reason = 'switched_off';
  const scope = holdScope(covering.id);
  return {
    park: { delayMs: Math.max(0, endsAtMs - nowMs), reason, scope },
    ending: { status: isUnsure ? 'indeterminate' : 'waiting', waiting: { reason, scope } },
  };
}
