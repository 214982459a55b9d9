import type { Tool } from '@action-mesh/contracts/catalog';

import type { DocumentFinding } from './finding.js';
import type { ToolkitCredential } from './request/credentials.js';

/** What became of one operation. */
export interface OperationReport {
  /** `GET /repos/{owner}`. */
  readonly operation: string;
  readonly operationId?: string;
  /** JSON pointer into the document, as all pointers of a report; of a Swagger 2.0 document, into its converted form. */
  readonly pointer: string;
  readonly slug: string;
  readonly status: 'imported' | 'imported_with_warnings' | 'quarantined';
  /** The effect class; absent where there is no tool. */
  readonly effect?: Tool['effect']['class'];
  /** Members of its request that are credentials and no arguments: `query api_key`. Absent where there are none. */
  readonly credentials?: readonly string[];
  /** Why there is no tool; empty where there is one. */
  readonly reasons: readonly DocumentFinding[];
  readonly warnings: readonly DocumentFinding[];
}

/** What became of a document. The same document and options always give the same report. */
export interface ImportReport {
  readonly title: string;
  /** The version of OpenAPI or Swagger that the document is written in. */
  readonly format: string;
  readonly toolkit: string;
  readonly baseUrl: string;
  readonly totals: {
    /** In the document. */
    readonly operations: number;
    readonly selected: number;
    readonly imported: number;
    readonly importedWithWarnings: number;
    readonly quarantined: number;
  };
  /** The members removed from the inputs of all operations, each with the security scheme that replaces it. */
  readonly credentials: readonly ToolkitCredential[];
  /** About the document, and no operation in particular. */
  readonly warnings: readonly DocumentFinding[];
  /** The selected operations in the order of the document. */
  readonly operations: readonly OperationReport[];
}
