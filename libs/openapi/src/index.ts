// Importing
export { importDocument } from './import-document.js';
export type { ImportOptions, ImportResult } from './import-document.js';

// The report
export type { DocumentFinding } from './finding.js';
export type { ToolkitCredential } from './request/credentials.js';
export type { ImportReport, OperationReport } from './report.js';

// Bounds
export { largestDocument as LARGEST_DOCUMENT } from './document/read-document.js';

// Errors
export { OpenApiError } from './openapi.errors.js';
export type { OpenApiErrorCode } from './openapi.errors.js';
