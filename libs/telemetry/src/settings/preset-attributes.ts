import { attributeName } from '../names.js';
import type { Decorate } from '../export/readable-span.js';

/** Whether the span is the one that stands for a logical call. */
function isToolCall(attributes: Record<string, unknown>): boolean {
  return attributes[attributeName.operation] === 'execute_tool';
}

/**
 * Langfuse (langfuse.com/integrations/native/opentelemetry): its own attributes win over all others, and those of a trace
 * have to be on every span.
 */
export function langfuseAttributes(environment: string): Decorate {
  return (attributes, { error }, facts) => {
    attributes['langfuse.environment'] = environment;
    attributes['langfuse.observation.type'] = isToolCall(attributes) ? 'tool' : 'span';
    if (facts?.userId !== undefined) attributes['langfuse.user.id'] = facts.userId;
    if (facts?.sessionId !== undefined) attributes['langfuse.session.id'] = facts.sessionId;
    if (facts !== undefined) attributes['langfuse.trace.tags'] = [`tenant:${facts.tenantId}`];
    copy(attributes, attributeName.toolArguments, 'langfuse.observation.input');
    copy(attributes, attributeName.toolResult, 'langfuse.observation.output');
    if (error === undefined) return;
    attributes['langfuse.observation.level'] = 'ERROR';
    attributes['langfuse.observation.status_message'] = error.message ?? error.type;
  };
}

/** LangSmith (docs.langchain.com/langsmith/trace-with-opentelemetry). */
export function langsmithAttributes(): Decorate {
  return (attributes, _span, facts) => {
    attributes['langsmith.span.kind'] = isToolCall(attributes) ? 'tool' : 'chain';
    if (facts?.sessionId !== undefined) {
      attributes['langsmith.trace.session_id'] = facts.sessionId;
      attributes['langsmith.metadata.session_id'] = facts.sessionId;
    }
    if (facts?.userId !== undefined) attributes['langsmith.metadata.user_id'] = facts.userId;
    copy(attributes, attributeName.toolArguments, 'gen_ai.prompt');
    copy(attributes, attributeName.toolResult, 'gen_ai.completion');
  };
}

function copy(attributes: Record<string, unknown>, from: string, to: string): void {
  if (attributes[from] !== undefined) attributes[to] = attributes[from];
}
