import type { CallRequest } from '@action-mesh/contracts/gateway';
import { executeToolSchema } from '@action-mesh/contracts/gateway';
import { schemaProblems } from '@action-mesh/kernel';

import { CallRefusedError } from './admission.errors.js';

/**
 * The call that a request means. One of the tool `execute_tool` is a call of the tool that its arguments name, with the
 * arguments in them, and nothing else about it differs: who calls a tool in this way gets the same hash, the same checks and
 * the same outcome. Throws {@link CallRefusedError}.
 */
export function directCall(request: CallRequest): CallRequest {
  if (request.tool.slug !== 'execute_tool') return request;
  const read = executeToolSchema.safeParse(request.arguments);
  if (!read.success) {
    throw new CallRefusedError(
      'invalid_arguments',
      'The arguments do not say which tool to call with what.',
      'Give "tool", and "arguments" as describe_tool shows them.',
      schemaProblems(read.error.issues, '/arguments'),
    );
  }
  const { tool: slug, version, arguments: args } = read.data;
  return { ...request, tool: version === undefined ? { slug } : { slug, version }, arguments: args };
}

/** A refusal of the call that was meant, with its places where they stand in the request that was made. */
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
