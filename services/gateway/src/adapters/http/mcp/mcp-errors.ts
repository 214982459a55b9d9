import { CallRefusedError } from '@action-mesh/admission';
import { isMetaTool } from '@action-mesh/contracts/gateway';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

import { RequestRefusedError } from '../../../domain/gateway.errors.js';
import { problemOf } from '../problem-table.js';
import { refusalResult } from './mcp-results.js';

/** An unknown tool is an error of the host, unless a model named it in the arguments of a meta-tool. */
const unknownTool: ReadonlySet<string> = new Set(['tool_not_found', 'tool_version_not_found']);
/** Refusals that only the person who set up the host can correct, and no model. */
const forHosts: ReadonlySet<string> = new Set([
  'user_not_allowed',
  'dedupe_scope_missing',
  'scope_needs_run_id',
  'scope_needs_session_id',
]);

/** The error of JSON-RPC for a request that is wrong as such. The message says what to do. */
export function invalidParams({
  message,
  fix,
  problems,
}: Pick<RequestRefusedError, 'message' | 'fix' | 'problems'>): ProtocolError {
  const data = problems.length === 0 ? undefined : { errors: problems };
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `${message} ${fix}`, data);
}

/** Runs `read`. A refusal of what it reads becomes an error of JSON-RPC. */
export function readingParams<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof RequestRefusedError || error instanceof CallRefusedError
      ? invalidParams(error)
      : error;
  }
}

/**
 * The answer to a call that was refused: a result that a model can act on. Throws a `ProtocolError` for a refusal that
 * no model can act on, and for a defect of the gateway.
 */
export function refusedCall(
  error: unknown,
  name: string,
  onDefect: (error: unknown) => void,
): CallToolResult {
  if (error instanceof ProtocolError) throw error;
  const isRefusal = error instanceof CallRefusedError || error instanceof RequestRefusedError;
  if (isRefusal && (forHosts.has(error.refusal) || (unknownTool.has(error.refusal) && !isMetaTool(name))))
    throw invalidParams(error);
  const problem = problemOf(error)?.problem;
  if (problem !== undefined) return refusalResult(problem, name);
  onDefect(error);
  throw new ProtocolError(
    ProtocolErrorCode.InternalError,
    'The gateway has a defect. Its log has the error. The call may have been accepted all the same.',
  );
}
