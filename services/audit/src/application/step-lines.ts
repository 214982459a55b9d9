import { createHash } from 'node:crypto';

import type { StepLine } from '@action-mesh/contracts/audit';
import { defined, jsonAt, JsonText } from '@action-mesh/kernel';

import type { NewEntry } from '../domain/new-entry.js';

/** A longer value is shown by its size and digest, in characters. */
const longestValue = 2_000;

/** The calls whose request is remembered for their later lines. */
const rememberedCalls = 10_000;

type ShownValue = NonNullable<StepLine['original_request']>;

/** Makes the lines of the step log. */
export class StepLines {
  readonly #showContent: boolean;
  readonly #requests = new Map<string, ShownValue>();

  constructor(showContent: boolean) {
    this.#showContent = showContent;
  }

  line(entry: NewEntry): StepLine {
    const { facts, callId, tenantId } = entry;
    const request = this.#valueIn(entry, '/arguments');
    const name = `${tenantId} ${callId ?? ''}`;
    if (request !== undefined && callId !== undefined) this.#remember(name, request);
    const attempts = wholeOf(facts['attempts']);
    const statusCode = wholeOf(facts['upstream_status_code']);
    const body = this.#valueIn(entry, '/result');
    const isAnswered = statusCode !== undefined || body !== undefined;
    return {
      step_log: 1,
      timestamp: entry.at,
      kind: entry.kind,
      tenant_id: tenantId,
      ...defined({
        trace_id: entry.traceId,
        span_id: entry.spanId,
        agent_id: entry.agentId,
        run_id: entry.runId,
        step: entry.step,
        user_id: entry.userId,
        tool_name: entry.tool,
        tool_version: entry.toolVersion,
        tool_call_id: callId,
        status: entry.status,
        status_code: statusCode ?? wholeOf(facts['status_code']),
        duration_ms: wholeOf(facts['duration_ms']),
        retry_attempts: attempts === undefined ? undefined : Math.max(0, attempts - 1),
        circuit_breaker_status: facts['circuit_breaker_status'] as StepLine['circuit_breaker_status'],
        original_request: request ?? this.#requests.get(name),
        upstream_response: isAnswered ? defined({ status_code: statusCode, body }) : undefined,
        error_category: entry.errorCategory,
        error_code: facts['error_code'] as string | undefined,
        waiting: facts['waiting'] as StepLine['waiting'],
        compensating_actions: facts['compensating_actions'] as StepLine['compensating_actions'],
      }),
    };
  }

  #valueIn({ content }: NewEntry, pointer: string): ShownValue | undefined {
    const text = content === undefined ? undefined : jsonAt(content, pointer);
    if (text === undefined) return undefined;
    if (this.#showContent && text.length <= longestValue) return new JsonText(text);
    return { characters: text.length, digest: createHash('sha256').update(text).digest('hex') };
  }

  /** The oldest call is forgotten first. */
  #remember(name: string, request: ShownValue): void {
    this.#requests.set(name, request);
    if (this.#requests.size <= rememberedCalls) return;
    const [oldest] = this.#requests.keys();
    if (oldest !== undefined) this.#requests.delete(oldest);
  }
}

function wholeOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
