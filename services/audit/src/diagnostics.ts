import { DiagnosticPoint } from '@action-mesh/kernel';

/** Entries of one append. */
export interface PointEntries {
  readonly entries: number;
}

/**
 * The diagnostic points of audit, by the last part of their names. Between two of them, the memory of the process and
 * the outside world differ.
 */
export const auditPoints = {
  /** The entries are inserted, and the heads of their chains are not moved. */
  after_insert: new DiagnosticPoint<PointEntries>('mesh:audit:after_insert'),
  /** The heads are moved, and nothing is committed. */
  before_commit: new DiagnosticPoint<PointEntries>('mesh:audit:before_commit'),
  /** The entries are on disk, and no offset is committed. */
  after_commit: new DiagnosticPoint<PointEntries>('mesh:audit:after_commit'),
} as const;
