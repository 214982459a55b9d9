import type { Dynamic } from './dynamic.js';
import { UnfinishedStepError } from './flow-api.errors.js';

declare const unfinished: unique symbol;

/** No value has this type, so a call of `todo` never compiles. */
export interface UnfinishedStep {
  readonly [unfinished]: 'write this step by hand before you deploy the flow';
}

/**
 * Marks a step that a person must write. The compiler refuses every call of it, so an unfinished draft cannot be
 * deployed. A run that gets here anyway throws `UnfinishedStepError`.
 */
export function todo(what: UnfinishedStep): Dynamic {
  throw new UnfinishedStepError(`this step is not written yet: ${what as unknown as string}`);
}
