import { canonicalize, type JsonObject } from '@action-mesh/kernel';

/** The changes that make a topic equal to its record. */
export interface RecordPublication<Value> {
  readonly publish: readonly Value[];
  /** Keys of values on the topic, to be deleted. */
  readonly retract: readonly string[];
}

/**
 * Plans the changes until a topic equals its record.
 *
 * - AB6: the topic has no value that the record does not have. A key without a record opens no door, because no person
 *   could see or revoke it.
 * - AB7: the broker does not publish a value again that is already on the topic.
 */
export function planRecordPublication<Value extends object>(
  record: readonly Value[],
  published: ReadonlyMap<string, Value>,
  keyOf: (value: Value) => string,
): RecordPublication<Value> {
  const wanted = new Map(record.map((value) => [keyOf(value), value]));
  return {
    publish: [...wanted].flatMap(([key, value]) => (isSameValue(value, published.get(key)) ? [] : [value])),
    retract: [...published.keys()].filter((key) => !wanted.has(key)),
  };
}

/** Whether both values are equal. The order of members does not matter. */
export function isSameValue(left: object, right: object | undefined): boolean {
  return right !== undefined && (left === right || textOf(left) === textOf(right));
}

/** Values never change, and most are compared again every few seconds. */
const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  let text = texts.get(value);
  if (text === undefined) {
    // The schema of the topic has already read the value, so it is plain JSON: no member is `undefined`.
    text = canonicalize(value as JsonObject);
    texts.set(value, text);
  }
  return text;
}
