import type { Tool } from '@action-mesh/contracts/catalog';
import { jsonAt, JsonText } from '@action-mesh/kernel';
import { project } from '@action-mesh/projections';
import { ArgumentValidator } from '@action-mesh/tools';
import type { CallToolResult } from '@modelcontextprotocol/server';

import { answerOfOutcome, answerOfRefusal, answerOfValue } from '../../../application/model-answer.js';
import { shapedOutcome } from '../call-answers.js';
import type { ProblemDetails } from '../problem.js';
import type { ExactTexts } from './exact-texts.js';

/** A call whose outcome a host gets. */
export interface McpAnswered {
  readonly callId: string;
  /** The name by which the host called the tool. */
  readonly name: string;
  /** Absent: the tool is not published any more, so its result is a text alone. */
  readonly tool: Tool | undefined;
  readonly maxBytes: number | undefined;
  /** The arguments of the call for the next page, as JSON. */
  readonly next?: string | undefined;
}

/** The key in `_meta` of a result with the id of the call. `GET /v1/calls/{id}` shows the call. */
export const callIdKey = 'action-mesh/call_id';
/** The key in `_meta` of a result that an earlier, equal call had. */
const replayedKey = 'action-mesh/replayed';

const validators = new WeakMap<Tool, ArgumentValidator>();

/** The answer to a call with an outcome, or to one that still runs. */
export function outcomeResult(
  outcome: string | undefined,
  { callId, name, tool, maxBytes, next }: McpAnswered,
  exact: ExactTexts,
): CallToolResult {
  const turn = { form: 'mcp', name } as const;
  const fit = maxBytes === undefined ? undefined : { maxBytes };
  const shown =
    outcome === undefined
      ? answerOfOutcome(undefined, turn)
      : shapedOutcome(outcome, callId, { turn, fit, next });
  const replayed = outcome !== undefined && jsonAt(outcome, '/replayed') === 'true';
  const _meta = { [callIdKey]: callId, ...(replayed ? { [replayedKey]: true } : {}) };
  const result = { ...plainResult(shown), _meta };
  if (tool === undefined || result.isError === true || outputOf(tool, maxBytes) === undefined) return result;
  const whole = outcome === undefined ? undefined : wholeResult(outcome);
  const [first] = result.content;
  // Hosts refuse an answer without the structure that its tool declares, except for an error. An answer that broke off
  // is not the whole result.
  if (whole === undefined || first?.type !== 'text' || first.text !== whole)
    return { ...result, isError: true };
  if (!fitsOutput(tool, whole)) return { ...plainResult(misfit(whole, name)), isError: true, _meta };
  return { ...result, structuredContent: exact.hold(whole) };
}

/**
 * The schema of the structured results of a tool. Undefined when the tool declares none, and when a result can be a
 * part: a cut one, or a page with the call for the next one.
 */
export function outputOf(tool: Tool, maxBytes: number | undefined): unknown {
  if (maxBytes !== undefined || tool.pagination !== undefined) return undefined;
  return project(tool, 'mcp').definition['outputSchema'];
}

/** A refusal that a model can correct, or that passes with time. */
export function refusalResult({ detail, fix, errors }: ProblemDetails, name: string): CallToolResult {
  return plainResult(answerOfRefusal({ detail, fix, errors }, { form: 'mcp', name }));
}

/** A value of the gateway itself. */
export function valueResult(value: unknown, name: string): CallToolResult {
  return plainResult(answerOfValue(value, { form: 'mcp', name }));
}

/** The parts of an answer for a model that every host reads. Results are texts, which keep all their digits. */
function plainResult(answer: string): CallToolResult {
  const { content, isError } = JSON.parse(answer) as Required<Pick<CallToolResult, 'content' | 'isError'>>;
  return { content, isError };
}

/** The result of a call that succeeded, as an exact text. */
function wholeResult(outcome: string): string | undefined {
  if (jsonAt(outcome, '/status') !== '"succeeded"') return undefined;
  const result = jsonAt(outcome, '/result');
  return result?.startsWith('{') === true ? result : undefined;
}

function fitsOutput(tool: Tool, whole: string): boolean {
  let validator = validators.get(tool);
  if (validator === undefined) {
    validator = new ArgumentValidator({ input: tool.output as Tool['input'] });
    validators.set(tool, validator);
  }
  try {
    return validator.validate(JSON.parse(whole)).ok;
  } catch {
    // A schema from a stranger's document that does not compile describes no result.
    return false;
  }
}

/** Providers often answer otherwise than their documents say. The call has had its effect all the same. */
function misfit(whole: string, name: string): string {
  const message =
    'The call succeeded. Its result does not have the form that the tool declares. Do not call the tool again for this.';
  return answerOfValue({ status: 'succeeded', message, result: new JsonText(whole) }, { form: 'mcp', name });
}
