import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { canonicalize, type JsonObject } from '@action-mesh/kernel';

/**
 * What has to be published and lifted so that the topic holds the limits that are written down.
 *
 * - Q1: a limit that is code wins over one of the same id that was set through the API before.
 * - Q2: what is on the topic already is not published again.
 */

/** A limit and where it is written down. */
export interface WrittenLimit {
  readonly policy: LimitPolicy;
  readonly source: 'code' | 'api';
}

export interface Publication {
  readonly publish: readonly LimitPolicy[];
  /** Ids. */
  readonly lift: readonly string[];
}

/** Every limit that ought to be in force, once (Q1), by id. */
export function writtenLimits(
  code: readonly LimitPolicy[],
  api: readonly LimitPolicy[],
): ReadonlyMap<string, WrittenLimit> {
  const written = new Map<string, WrittenLimit>();
  for (const policy of api) written.set(policy.id, { policy, source: 'api' });
  for (const policy of code) written.set(policy.id, { policy, source: 'code' });
  return written;
}

export function planPublication(
  written: ReadonlyMap<string, WrittenLimit>,
  published: ReadonlyMap<string, LimitPolicy>,
): Publication {
  const publish = [...written.values()]
    .map(({ policy }) => policy)
    .filter((policy) => !isSameLimit(policy, published.get(policy.id)));
  return { publish, lift: [...published.keys()].filter((id) => !written.has(id)) };
}

/** Whether both say the same, in whatever order. */
export function isSameLimit(left: LimitPolicy, right: LimitPolicy | undefined): boolean {
  return right !== undefined && textOf(left) === textOf(right);
}

/** A policy has come through its schema, so that it is JSON: what is absent is not there, never `undefined`. */
function textOf(policy: LimitPolicy): string {
  return canonicalize(policy as unknown as JsonObject);
}
