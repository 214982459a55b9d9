import { MeshError } from '@action-mesh/kernel';
import type { Problem } from '@action-mesh/tools';

/** The words of the command, or its environment, are wrong. */
export class ImportUsageError extends MeshError {
  readonly code = 'IMPORT_USAGE';
  readonly retry = 'terminal';
}

/** The source is there and is no document that can be read, or may not be read. */
export class UnreadableDocumentError extends MeshError {
  readonly code = 'IMPORT_DOCUMENT_UNREADABLE';
  readonly retry = 'terminal';
}

/** The network, or the server of the document, did not give it out. */
export class UnreachableDocumentError extends MeshError {
  readonly code = 'IMPORT_DOCUMENT_UNREACHABLE';
  readonly retry = 'retryable';
}

/** No connection to the catalog: it has not seen the tools. */
export class UnreachableCatalogError extends MeshError {
  readonly code = 'IMPORT_CATALOG_UNREACHABLE';
  readonly retry = 'retryable';
}

/** The tools were sent and no whole answer came: the catalog may have taken them. */
export class UnknownOutcomeError extends MeshError {
  readonly code = 'IMPORT_OUTCOME_UNKNOWN';
  readonly retry = 'retryable';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `the catalog at CATALOG_URL ${reason}, and may have taken the tools. Running the import again is safe: what did not change makes no new version`,
      options,
    );
  }
}

/** Something else answers where the catalog should be. */
export class NotACatalogError extends MeshError {
  readonly code = 'IMPORT_NOT_A_CATALOG';
  readonly retry = 'terminal';

  constructor(status: number) {
    super(
      `what answers at CATALOG_URL is not a catalog of this version: its answer has status ${status} and is not what a catalog says`,
    );
  }
}

/** The catalog did not take the tools; `problems` says why, as far as it is about places in them. */
export class ImportRefusedError extends MeshError {
  readonly code = 'IMPORT_REFUSED';
  readonly retry = 'terminal';
  readonly problems: readonly Problem[];

  constructor(reason: string, problems: readonly Problem[]) {
    super(`the catalog did not take the tools: ${reason}`);
    this.problems = problems;
  }
}

/** What came of the import cannot be written where it was to go. */
export class UnwritableReportError extends MeshError {
  readonly code = 'IMPORT_REPORT_UNWRITABLE';
  readonly retry = 'retryable';
}
