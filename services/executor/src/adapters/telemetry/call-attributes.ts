import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { PolicyVerdict } from '@action-mesh/contracts/executor';
import { redactJson, redactText } from '@action-mesh/platform';
import {
  attributeName,
  type CallFacts,
  type FinishedSpan,
  type SpanAttributes,
} from '@action-mesh/telemetry/port';

import type { Ending } from '../../domain/outcome.js';

/** The most characters of arguments or of a result in an attribute. */
const mostContent = 32_000;
/** The most characters that are searched for secrets. A longer text is left out, since its search would delay calls. */
const mostSearched = 8 * mostContent;

/** The facts that every span of a call carries. */
export function callFactsOf({ tenant_id: tenantId, user_id: userId, agent }: AcceptedCall): CallFacts {
  return { tenantId, userId, sessionId: agent?.session_id, agentId: agent?.id, runId: agent?.run_id };
}

/** What the `execute_tool` span says about the call itself. The thought is shown without credentials. */
export function callAttributes(call: AcceptedCall, hasContent: boolean): SpanAttributes {
  const { agent, tool } = call;
  const { prompt, thought, step } = agent ?? {};
  return {
    [attributeName.operation]: 'execute_tool',
    [attributeName.toolName]: tool.slug,
    [attributeName.toolType]: 'extension',
    [attributeName.toolCallId]: call.call_id,
    [attributeName.callId]: call.call_id,
    [attributeName.callMode]: call.mode,
    [attributeName.toolVersion]: tool.version,
    [attributeName.step]: step,
    [attributeName.thought]: thought === undefined ? undefined : redactText(thought),
    [attributeName.promptId]: prompt?.id,
    [attributeName.promptHash]: prompt?.hash,
    [attributeName.promptUrl]: prompt?.url,
    ...(hasContent ? { [attributeName.toolArguments]: shownContent(JSON.stringify(call.arguments)) } : {}),
  };
}

/** What a span says about the end of a call. */
export function endingAttributes(
  { status, result, failure, circuit }: Ending,
  policy: PolicyVerdict | undefined,
  hasContent: boolean,
): SpanAttributes {
  return {
    [attributeName.callStatus]: status,
    [attributeName.errorCode]: failure?.code,
    [attributeName.errorCategory]: failure?.category,
    [attributeName.circuit]: circuit,
    [attributeName.policyDecision]: policy?.decision,
    [attributeName.policyRule]: policy?.rule?.id,
    [attributeName.approvalId]: policy?.approval?.id,
    ...(hasContent && result !== undefined ? { [attributeName.toolResult]: shownContent(result) } : {}),
  };
}

/**
 * The error of a span. Its message may quote the provider or the arguments, so only a span with content has one, without
 * credentials.
 */
export function spanError(
  { type, message }: NonNullable<FinishedSpan['error']>,
  hasContent: boolean,
): NonNullable<FinishedSpan['error']> {
  return hasContent && message !== undefined ? { type, message: redactText(message) } : { type };
}

/** A text without secrets. It is cut last, because the first half of a secret has no form that a search finds. */
function shownContent(text: string): string {
  const shown = text.length > mostSearched ? undefined : redactJson(text);
  if (shown === undefined) return `[omitted: ${text.length} characters]`;
  return shown.length > mostContent ? `${shown.slice(0, mostContent)}…` : shown;
}
