import { MeshError } from '@action-mesh/kernel';

/** The file is no export that can be imported. The message says why and what to do. */
export class FlowImportError extends MeshError {
  readonly code = 'FLOW_IMPORT';
  readonly retry = 'terminal';
}

/** A part of an export has no translation. The message is the reason for the report. */
export class UntranslatableError extends MeshError {
  readonly code = 'FLOW_UNTRANSLATABLE';
  readonly retry = 'terminal';
}
