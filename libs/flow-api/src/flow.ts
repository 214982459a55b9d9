import type { Dynamic } from './dynamic.js';
import { FlowDefinitionError } from './flow-api.errors.js';
import type { EndedRun, FlowDefinition, FlowOptions, FlowRun } from './run.js';

const idForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Defines a flow. Throws `FlowDefinitionError` for an id or a version of another form. */
export function flow<Input = Dynamic, Output = Dynamic>(
  options: FlowOptions<Input>,
  steps: (run: FlowRun, input: Input) => Promise<Output | EndedRun | undefined>,
): FlowDefinition<Input, Output> {
  if (options.id.length > 100 || !idForm.test(options.id)) {
    throw new FlowDefinitionError(
      'the id of a flow has lower-case letters, digits and single hyphens, 100 at most',
    );
  }
  if (!Number.isSafeInteger(options.version) || options.version < 1) {
    throw new FlowDefinitionError('the version of a flow is a whole number from 1');
  }
  return Object.freeze({ ...options, steps });
}
