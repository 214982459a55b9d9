/**
 * What a change asks of those who call a tool, from the least: nothing but another wording, more than before, or something
 * that works no longer as it did.
 */
export const changeKinds = ['text', 'compatible', 'breaking'] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** One difference between two versions of a tool. */
export interface Change {
  readonly kind: ChangeKind;
  /** JSON pointer into the newer tool, or into the older one for what is gone. */
  readonly pointer: string;
  readonly message: string;
}

/** The kind of all of them together; `undefined` where there is none. */
export function worstOf(changes: readonly Change[]): ChangeKind | undefined {
  return changeKinds.findLast((kind) => changes.some((change) => change.kind === kind));
}
