/** The result of checking one invariant. */
export interface InvariantFindings {
  /** The number of checked items. Zero means that the invariant was not exercised. */
  readonly checked: number;
  /** The violations, in words. */
  readonly faults: readonly string[];
}

export interface InvariantResult extends InvariantFindings {
  readonly invariant: string;
  readonly says: string;
  readonly verdict: 'held' | 'broken' | 'not_exercised';
}
