import { MeshError } from '@action-mesh/kernel';
import type { Problem } from '@action-mesh/tools';

/** Two changes of one toolkit at the same time; the second has to look at the first. */
export class ToolkitConflictError extends MeshError {
  readonly code = 'CATALOG_TOOLKIT_CHANGED';
  readonly retry = 'retryable';

  constructor(toolkit: string) {
    super(`the toolkit "${toolkit}" was changed by somebody else at the same time; try again`);
  }
}

/** A name belongs to another toolkit. */
export class ToolNameTakenError extends MeshError {
  readonly code = 'CATALOG_NAME_TAKEN';
  readonly retry = 'terminal';

  constructor(slug: string, toolkit: string) {
    super(`"${slug}" is a tool of the toolkit "${toolkit}"`);
  }
}

/** There is no toolkit, release, tool, or override of that name. */
export class NotInCatalogError extends MeshError {
  readonly code = 'CATALOG_NOT_FOUND';
  readonly retry = 'terminal';

  constructor(what: string) {
    super(`there is no ${what}`);
  }
}

/** What was asked for contradicts what is there. */
export class CatalogRefusedError extends MeshError {
  readonly code = 'CATALOG_REFUSED';
  readonly retry = 'terminal';
}

/** What was sent is no import or no override; `problems` says why. */
export class InvalidCatalogRequestError extends MeshError {
  readonly code = 'CATALOG_INVALID';
  readonly retry = 'terminal';
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.problems = problems;
  }
}
