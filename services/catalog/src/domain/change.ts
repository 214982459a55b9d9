import { changeKinds, type Change, type ChangeKind } from '@action-mesh/contracts/catalog';

/** The most severe kind of the changes; `undefined` without changes. */
export function worstOf(changes: readonly Change[]): ChangeKind | undefined {
  return changeKinds.findLast((kind) => changes.some((change) => change.kind === kind));
}
