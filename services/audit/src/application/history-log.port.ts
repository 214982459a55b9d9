import type { NewEntry } from '../domain/new-entry.js';

/** The chains of all tenants, to be written. */
export interface HistoryLog {
  /**
   * Appends entries to the chains of their tenants, all or none, and resolves after the commit. The answer has one truth
   * for each entry: whether it is new. Rejects with `HistoryUnavailableError`, or with a defect.
   */
  append(entries: readonly NewEntry[]): Promise<readonly boolean[]>;
}

export const HistoryLog = Symbol('HistoryLog');
