import type { Tool } from '@action-mesh/contracts/catalog';

import type { DocumentFinding } from './finding.js';
import type { ToolkitCredential } from './request/credentials.js';

/** The result of one operation. */
export interface OperationReport {
  /** `GET /repos/{owner}`. */
  readonly operation: string;
  readonly operationId?: string;
  /**
   * JSON pointer into the document, like all pointers of a report. For a Swagger 2.0 document, into its converted
   * form.
   */
  readonly pointer: string;
  readonly slug: string;
  readonly status: 'imported' | 'imported_with_warnings' | 'quarantined';
  /** The effect class. Absent if there is no tool. */
  readonly effect?: Tool['effect']['class'];
  /** Members of the request that are credentials and no arguments: `query api_key`. Absent if there are none. */
  readonly credentials?: readonly string[];
  /** The reasons that there is no tool. Empty if there is one. */
  readonly reasons: readonly DocumentFinding[];
  readonly warnings: readonly DocumentFinding[];
}

/** The result of importing a document. The same document and options always give the same report. */
export interface ImportReport {
  readonly title: string;
  /** The document's version of OpenAPI or Swagger. */
  readonly format: string;
  readonly toolkit: string;
  readonly baseUrl: string;
  readonly totals: {
    /** The number of operations in the document. */
    readonly operations: number;
    readonly selected: number;
    readonly imported: number;
    readonly importedWithWarnings: number;
    readonly quarantined: number;
  };
  /** The members removed from the inputs of all operations, each with the security scheme that replaces it. */
  readonly credentials: readonly ToolkitCredential[];
  /** Warnings about the document and no single operation. */
  readonly warnings: readonly DocumentFinding[];
  /** The selected operations in the order of the document. */
  readonly operations: readonly OperationReport[];
}
