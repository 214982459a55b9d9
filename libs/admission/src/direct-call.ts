import type { CallRequest } from '@action-mesh/contracts/gateway';
import { executeToolSchema } from '@action-mesh/contracts/gateway';
import { schemaProblems } from '@action-mesh/kernel';

import { CallRefusedError } from './admission.errors.js';

/**
 * The call behind a request. For `execute_tool`, it is a call of the tool that the arguments name, with the arguments
 * in them. Both ways lead to the same hash, the same checks and the same outcome. Throws {@link CallRefusedError}.
 */
export function directCall(request: CallRequest): CallRequest {
  if (request.tool.slug !== 'execute_tool') return request;
  const read = executeToolSchema.safeParse(request.arguments);
  if (!read.success) {
    throw new CallRefusedError(
      'invalid_arguments',
      'The arguments of execute_tool do not name a tool and its arguments.',
      'Give "tool", and give "arguments" in the form that describe_tool shows.',
      schemaProblems(read.error.issues, '/arguments'),
    );
  }
  const { tool: slug, version, arguments: args } = read.data;
  return { ...request, tool: version === undefined ? { slug } : { slug, version }, arguments: args };
}

/** Moves the pointers of a refusal from the direct call to their places in the actual request. */
export function refusedWhereGiven(request: CallRequest, error: unknown): unknown {
  if (request.tool.slug !== 'execute_tool' || !(error instanceof CallRefusedError)) return error;
  const problems = error.problems.map((problem) => ({
    ...problem,
    pointer: pointerInRequest(problem.pointer),
  }));
  return new CallRefusedError(error.refusal, error.message, error.fix, problems);
}

function pointerInRequest(pointer: string): string {
  if (pointer === '/tool/slug') return '/arguments/tool';
  if (pointer === '/tool/version') return '/arguments/version';
  return pointer.startsWith('/arguments') ? `/arguments${pointer}` : pointer;
}
