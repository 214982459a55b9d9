import { MeshError } from '@action-mesh/kernel';

/** A transition cannot become an entry. Its record is a defect of the mesh. */
export class UnrecordableEntryError extends MeshError {
  readonly code = 'AUDIT_UNRECORDABLE';
  readonly retry = 'terminal';
}

/** The database of the history cannot be reached now. The same entries can be recorded later. */
export class HistoryUnavailableError extends MeshError {
  readonly code = 'AUDIT_HISTORY_UNAVAILABLE';
  readonly retry = 'retryable';

  constructor(cause: unknown) {
    super('the database of the history cannot be reached', { cause });
  }
}
