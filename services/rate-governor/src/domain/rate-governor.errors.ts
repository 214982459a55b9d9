import { MeshError } from '@action-mesh/kernel';

import type { LimitProblem } from './check-limit.js';

/** An invalid limit; `problems` has the reasons. */
export class InvalidLimitError extends MeshError {
  readonly code = 'RATE_GOVERNOR_INVALID_LIMIT';
  readonly retry = 'terminal';
  readonly problems: readonly LimitProblem[];

  constructor(id: string, problems: readonly LimitProblem[]) {
    super(`the limit "${id}" is not valid: ${problems.map((problem) => said(problem)).join('; ')}`);
    this.problems = problems;
  }
}

/** The API cannot change an operator's limit. The next deployment would undo the change. */
export class LimitIsCodeError extends MeshError {
  readonly code = 'RATE_GOVERNOR_LIMIT_IS_CODE';
  readonly retry = 'terminal';

  constructor(id: string) {
    super(
      `the limit "${id}" is the operator's and changes only in the files of RATE_GOVERNOR_LIMITS; choose another id for your own limit`,
    );
  }
}

/** No limit has this id. */
export class UnknownLimitError extends MeshError {
  readonly code = 'RATE_GOVERNOR_UNKNOWN_LIMIT';
  readonly retry = 'terminal';

  constructor(id: string) {
    super(`there is no limit "${id}"`);
  }
}

/** A file of limits cannot be used. */
export class LimitFileError extends MeshError {
  readonly code = 'RATE_GOVERNOR_LIMIT_FILE';
  readonly retry = 'terminal';
}

function said({ pointer, message }: LimitProblem): string {
  return pointer === '' ? message : `${pointer} ${message}`;
}
