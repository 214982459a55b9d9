import { identityKey, type Identity } from '@action-mesh/contracts/auth-broker';
import { canonicalize, type JsonObject } from '@action-mesh/kernel';

/** The changes that make the topic equal to the record. */
export interface IdentityPublication {
  readonly publish: readonly Identity[];
  /** Keys of records on the topic, to be deleted. */
  readonly retract: readonly string[];
}

/**
 * Plans the changes until the topic equals the record.
 *
 * - AB6: the topic has no identity that the record does not have. A key without a record opens no door, because no
 *   person could see or revoke it.
 * - AB7: an identity that is already on the topic is not published again.
 */
export function planIdentityPublication(
  record: readonly Identity[],
  published: ReadonlyMap<string, Identity>,
): IdentityPublication {
  const wanted = new Map(record.map((identity) => [identityKey(identity), identity]));
  return {
    publish: [...wanted].flatMap(([key, identity]) =>
      isSameIdentity(identity, published.get(key)) ? [] : [identity],
    ),
    retract: [...published.keys()].filter((key) => !wanted.has(key)),
  };
}

/** Whether both identities are equal. The order of members does not matter. */
export function isSameIdentity(left: Identity, right: Identity | undefined): boolean {
  return right !== undefined && (left === right || textOf(left) === textOf(right));
}

/** Identities never change, and most are compared again every few seconds. */
const texts = new WeakMap<Identity, string>();

function textOf(identity: Identity): string {
  let text = texts.get(identity);
  if (text === undefined) {
    // The schema has already read the identity, so it is plain JSON: no member is `undefined`.
    text = canonicalize(identity as unknown as JsonObject);
    texts.set(identity, text);
  }
  return text;
}
