import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/**
 * The place of a call in the one order in which every statement locks calls. See the head of
 * migrations/0001-ledger.sql.
 */
export function lockKey(call: Pick<AcceptedCall, 'tenant_id' | 'user_id' | 'hash'>): string {
  return `${call.tenant_id}\u0000${call.user_id}\u0000${call.hash}`;
}

/** Compares by code points, as the collation "C" compares UTF-8. JavaScript compares UTF-16 code units. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The rank of a code unit. Surrogates encode the highest code points, so they come after all other units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
