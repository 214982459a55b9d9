import { MeshError } from '@action-mesh/kernel';

import type { LimitProblem } from './check-limit.js';

/** A limit that is not one; `problems` says why. */
export class InvalidLimitError extends MeshError {
  readonly code = 'RATE_GOVERNOR_INVALID_LIMIT';
  readonly retry = 'terminal';
  readonly problems: readonly LimitProblem[];

  constructor(id: string, problems: readonly LimitProblem[]) {
    super(`the limit "${id}" is not valid: ${problems.map((problem) => said(problem)).join('; ')}`);
    this.problems = problems;
  }
}

/** A limit that is code cannot be changed through the API: the next deployment would undo it. */
export class LimitIsCodeError extends MeshError {
  readonly code = 'RATE_GOVERNOR_LIMIT_IS_CODE';
  readonly retry = 'terminal';

  constructor(id: string) {
    super(
      `the limit "${id}" is the operator's and changed where RATE_GOVERNOR_LIMITS reads it; choose another id for one of your own`,
    );
  }
}

/** There is no limit of that id. */
export class UnknownLimitError extends MeshError {
  readonly code = 'RATE_GOVERNOR_UNKNOWN_LIMIT';
  readonly retry = 'terminal';

  constructor(id: string) {
    super(`there is no limit "${id}"`);
  }
}

/** The file of limits cannot be used as a whole. */
export class LimitFileError extends MeshError {
  readonly code = 'RATE_GOVERNOR_LIMIT_FILE';
  readonly retry = 'terminal';
}

function said({ pointer, message }: LimitProblem): string {
  return pointer === '' ? message : `${pointer} ${message}`;
}
