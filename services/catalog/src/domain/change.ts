import { changeKinds, type Change, type ChangeKind } from '@action-mesh/contracts/catalog';

/** The kind that asks the most of callers; `undefined` without changes. */
export function worstOf(changes: readonly Change[]): ChangeKind | undefined {
  return changeKinds.findLast((kind) => changes.some((change) => change.kind === kind));
}
