import { MeshError } from '@action-mesh/kernel';
import type { Problem } from '@action-mesh/tools';

/** The arguments of the command or its environment variables are wrong. */
export class ImportUsageError extends MeshError {
  readonly code = 'IMPORT_USAGE';
  readonly retry = 'terminal';
}

/** The source exists, but it cannot be read, or the user may not read it. */
export class UnreadableDocumentError extends MeshError {
  readonly code = 'IMPORT_DOCUMENT_UNREADABLE';
  readonly retry = 'terminal';
}

/** The network or the document's server failed, so the document did not arrive. */
export class UnreachableDocumentError extends MeshError {
  readonly code = 'IMPORT_DOCUMENT_UNREACHABLE';
  readonly retry = 'retryable';
}

/** The gateway cannot be connected to. It has not received the tools. */
export class UnreachableGatewayError extends MeshError {
  readonly code = 'IMPORT_GATEWAY_UNREACHABLE';
  readonly retry = 'retryable';
}

/** The tools were sent, but no complete answer came back. The catalog may have stored them. */
export class UnknownOutcomeError extends MeshError {
  readonly code = 'IMPORT_OUTCOME_UNKNOWN';
  readonly retry = 'retryable';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `the gateway at GATEWAY_URL ${reason}, and the catalog may have taken the tools. Run the import again: it is safe, because a tool that did not change gets no new version`,
      options,
    );
  }
}

/** Another server answers at the gateway's address. */
export class NotAGatewayError extends MeshError {
  readonly code = 'IMPORT_NOT_A_GATEWAY';
  readonly retry = 'terminal';

  constructor(status: number) {
    super(
      `the server at GATEWAY_URL is not a gateway of this version: it answered with status ${status} in another format`,
    );
  }
}

/** The gateway or the catalog refused the tools. `problems` lists the reasons that concern places in the tools. */
export class ImportRefusedError extends MeshError {
  readonly code = 'IMPORT_REFUSED';
  readonly retry = 'terminal';
  readonly problems: readonly Problem[];

  constructor(reason: string, problems: readonly Problem[]) {
    super(`the mesh did not take the tools: ${reason}`);
    this.problems = problems;
  }
}

/** The report on the import cannot be written to its output. */
export class UnwritableReportError extends MeshError {
  readonly code = 'IMPORT_REPORT_UNWRITABLE';
  readonly retry = 'retryable';
}

/** No operation of the document became a tool. */
export class NoToolsError extends MeshError {
  readonly code = 'IMPORT_NO_TOOLS';
  readonly retry = 'terminal';
}
