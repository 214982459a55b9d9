import { MeshError } from '@action-mesh/kernel';

/** A transition cannot become an entry. Its record is a defect of the mesh. */
export class UnrecordableEntryError extends MeshError {
  readonly code = 'AUDIT_UNRECORDABLE';
  readonly retry = 'terminal';
}

/** The database takes no entries now. The same entries can be recorded later. */
export class HistoryUnavailableError extends MeshError {
  readonly code = 'AUDIT_HISTORY_UNAVAILABLE';
  readonly retry = 'retryable';

  constructor(cause: unknown) {
    super('the database of the history takes no entries now', { cause });
  }
}

/** Retention deleted entries that an export had still to read. Another export is whole. */
export class ExportInterruptedError extends MeshError {
  readonly code = 'AUDIT_EXPORT_INTERRUPTED';
  readonly retry = 'retryable';

  constructor() {
    super('retention deleted entries while the export ran; export the history again');
  }
}
