import { MeshError } from '@action-mesh/kernel';
import type { Problem } from '@action-mesh/tools';

/** Two changes of one toolkit at the same time. The second must start from the result of the first. */
export class ToolkitConflictError extends MeshError {
  readonly code = 'CATALOG_TOOLKIT_CHANGED';
  readonly retry = 'retryable';

  constructor(toolkit: string) {
    super(`another change of the toolkit "${toolkit}" came first; try again`);
  }
}

/** The name belongs to another toolkit. */
export class ToolNameTakenError extends MeshError {
  readonly code = 'CATALOG_NAME_TAKEN';
  readonly retry = 'terminal';

  constructor(slug: string, toolkit: string) {
    super(`"${slug}" is a tool of the toolkit "${toolkit}"`);
  }
}

/** No toolkit, release, tool, or override has this name. */
export class NotInCatalogError extends MeshError {
  readonly code = 'CATALOG_NOT_FOUND';
  readonly retry = 'terminal';

  constructor(what: string) {
    super(`there is no ${what}`);
  }
}

/** The request contradicts the present state. */
export class CatalogRefusedError extends MeshError {
  readonly code = 'CATALOG_REFUSED';
  readonly retry = 'terminal';
}

/** The body is not an import or not an override; `problems` has the reasons. */
export class InvalidCatalogRequestError extends MeshError {
  readonly code = 'CATALOG_INVALID';
  readonly retry = 'terminal';
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.problems = problems;
  }
}
