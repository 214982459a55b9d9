/** What a look at one invariant gave. */
export interface InvariantFindings {
  /** How many things were looked at; with none the invariant was not exercised. */
  readonly checked: number;
  /** What breaks it, in words. */
  readonly faults: readonly string[];
}

export interface InvariantResult extends InvariantFindings {
  readonly invariant: string;
  readonly says: string;
  readonly verdict: 'held' | 'broken' | 'not_exercised';
}
