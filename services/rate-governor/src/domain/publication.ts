import { limitKey, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { canonicalize, type JsonObject } from '@action-mesh/kernel';

/**
 * The limits to publish and to lift until the topic equals the written limits.
 *
 * - Q1: an operator's limit changes only in its file or package.
 * - Q2: a limit that is already on the topic is not published again.
 * - Q3: limits of other publishers stay. A rate governor lifts only limits of the sources that it reads, and limits
 *   that were removed through it. With other files, or an empty database, it lifts nothing.
 */

/** A limit and its owner: `code` is the operator, `api` a tenant. */
export interface WrittenLimit {
  readonly policy: LimitPolicy;
  readonly source: 'code' | 'api';
}

/** The limits that a rate governor knows, by their keys on the topic. */
export interface Writings {
  /** The operator's limits, each with its place. */
  readonly code: readonly LimitPolicy[];
  /** The files and packages that held them. */
  readonly places: readonly string[];
  /** The limits of tenants. */
  readonly api: readonly LimitPolicy[];
  /** Keys of limits that were removed through the API. */
  readonly removed: readonly string[];
}

export interface Publication {
  readonly publish: readonly LimitPolicy[];
  /** Keys of the limits to lift. */
  readonly lift: readonly string[];
}

export function planLimitPublication(
  { code, places, api, removed }: Writings,
  published: ReadonlyMap<string, LimitPolicy>,
): Publication {
  const readHere = new Set(places);
  const isOthers = ({ owner, place }: LimitPolicy): boolean =>
    owner === undefined && place !== undefined && !readHere.has(place);
  const written = new Map([...api, ...code].map((policy) => [limitKey(policy), policy]));
  const publish = [...written].flatMap(([key, policy]) => {
    const now = published.get(key);
    return isSameLimit(policy, now) || (now !== undefined && isOthers(now)) ? [] : [policy];
  });
  const gone = new Set(removed);
  const lift = [...published].flatMap(([key, policy]) => {
    if (written.has(key)) return [];
    const isLeft = policy.owner === undefined && policy.place !== undefined && readHere.has(policy.place);
    return isLeft || gone.has(key) ? [key] : [];
  });
  return { publish, lift };
}

/** The operator's limits that stay in force although this service does not write them. */
export function limitsOfOthers(
  { code, places }: Pick<Writings, 'code' | 'places'>,
  published: ReadonlyMap<string, LimitPolicy>,
): LimitPolicy[] {
  const here = new Set([...code.map(limitKey)]);
  return [...published.values()].filter(
    (policy) =>
      policy.owner === undefined &&
      (!here.has(limitKey(policy)) || (policy.place !== undefined && !places.includes(policy.place))),
  );
}

/** Whether both limits are equal. The order of members does not matter. */
export function isSameLimit(left: LimitPolicy, right: LimitPolicy | undefined): boolean {
  return right !== undefined && textOf(left) === textOf(right);
}

/** The schema has already read the policy, so it is plain JSON: no member is `undefined`. */
function textOf(policy: LimitPolicy): string {
  return canonicalize(policy as unknown as JsonObject);
}
