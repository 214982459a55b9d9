import type { OutcomeStatus } from '@action-mesh/contracts/executor';

import type { ChaosClass } from './chaos-call.js';

/** The least and the most effects that a call may have had. */
export interface EffectBounds {
  readonly least: number;
  readonly most: number;
}

const safeToRepeat: ReadonlySet<ChaosClass> = new Set(['idempotent', 'keyed', 'at_least_once']);

/**
 * The bounds on effects at the provider, by the effect class of a call and its outcome (I2). `requests` is the number
 * of requests that the provider saw. It is the upper bound for a call that may be repeated unnoticed.
 */
export function effectBounds(
  effect: ChaosClass,
  status: OutcomeStatus | undefined,
  requests: number,
): EffectBounds {
  if (effect === 'read') return { least: 0, most: 0 };
  const most = effect === 'at_least_once' ? requests : 1;
  switch (status) {
    case 'succeeded':
      return { least: 1, most };
    case 'failed':
    case 'cancelled':
      // Both say that the provider did nothing.
      return { least: 0, most: 0 };
    case 'dead':
      // If sending again is safe, a call may die after attempts with an unknown effect. Other calls then need a person.
      return { least: 0, most: safeToRepeat.has(effect) ? most : 0 };
    default:
      return { least: 0, most };
  }
}

/** Whether every call of a class ends without a person when an executor dies. */
export function endsByItself(effect: ChaosClass): boolean {
  return effect !== 'opaque';
}

/** The violation of the bounds by a call, in words. Undefined when there is none. */
export function effectFault(
  effect: ChaosClass,
  status: OutcomeStatus | undefined,
  seen: { readonly requests: number; readonly effects: number },
): string | undefined {
  const { least, most } = effectBounds(effect, status, seen.requests);
  if (seen.effects >= least && seen.effects <= most) return undefined;
  const bound = least === most ? String(least) : `${least} to ${most}`;
  return `${effect} ended ${status ?? 'never'} with ${seen.effects} effects in ${seen.requests} requests, allowed ${bound}`;
}
