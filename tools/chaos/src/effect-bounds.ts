import type { OutcomeStatus } from '@action-mesh/contracts/executor';

import type { ChaosClass } from './chaos-call.js';

/** How many effects a call may have had, both included. */
export interface EffectBounds {
  readonly least: number;
  readonly most: number;
}

const safeToRepeat: ReadonlySet<ChaosClass> = new Set(['idempotent', 'keyed', 'at_least_once']);

/**
 * What the effect class of a call and the outcome that its caller was told promise about effects at the provider (I2).
 * `requests` is how many the provider saw: the bound of a call that may be repeated without anybody noticing.
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
      // Where sending again is safe a call may die of attempts of which nobody knows; elsewhere those go to a person.
      return { least: 0, most: safeToRepeat.has(effect) ? most : 0 };
    default:
      return { least: 0, most };
  }
}

/** Whether a class leaves nothing to a person when an executor dies: every call of it ends by itself. */
export function endsByItself(effect: ChaosClass): boolean {
  return effect !== 'opaque';
}

/** What is wrong with the effects of a call, in words; undefined when nothing is. */
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
