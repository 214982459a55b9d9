// The import
export { importFlow } from './import-flow.js';
export type { FlowImport, FlowImportRequest } from './import-flow.js';
export type { DraftFile } from './code/print-draft.js';
export { FlowImportError } from './read/flow-import.errors.js';

// The report
export type { FlowReport } from './report/flow-report.js';
export type { NodeReport, StateCounts, WorkflowReport } from './report/workflow-report.js';
export type { ReadinessLine } from './report/readiness.js';
export { hazards } from './model/hazards.js';
export type { Hazard } from './model/hazards.js';
