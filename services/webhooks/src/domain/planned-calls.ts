import { createHash } from 'node:crypto';

import { acceptCall, CallRefusedError, type ToolRegistry } from '@action-mesh/admission';
import { callRequestSchema, type AcceptedCall, type FiredTrigger } from '@action-mesh/contracts/gateway';
import type { MappedCall, TriggerSettings } from '@action-mesh/contracts/webhooks';
import { assertIJson, defined, IJsonError, newId, type JsonValue } from '@action-mesh/kernel';

/** What one entry of a mapping gave for one call. */
interface Mapped {
  readonly entry: number;
  readonly arguments?: JsonValue;
  readonly user_id?: JsonValue;
}

/** The calls of a delivery, or the reason why none of them starts. */
export type CallPlan =
  | { readonly ok: true; readonly calls: readonly AcceptedCall[] }
  | { readonly ok: false; readonly reason: string; readonly detail: string };

interface PlanContext {
  readonly settings: TriggerSettings;
  readonly event: FiredTrigger;
  readonly tools: Pick<ToolRegistry, 'find'>;
  readonly nowMs: number;
}

/**
 * Makes calls from the results of a mapping, by the rules of the gateway. All calls of a delivery are accepted, or none.
 *
 * - PC1: the calls of a delivery have the same idempotency keys, however often it is mapped.
 */
export function planCalls(results: readonly Mapped[], context: PlanContext): CallPlan {
  const calls: AcceptedCall[] = [];
  for (const [index, result] of results.entries()) {
    const entry = context.settings.calls?.[result.entry];
    if (entry === undefined) continue;
    const planned = planCall(entry, result, index, context);
    if ('detail' in planned) {
      return { ok: false, reason: planned.reason, detail: `calls[${result.entry}]: ${planned.detail}` };
    }
    calls.push(planned);
  }
  return { ok: true, calls };
}

interface Refused {
  readonly reason: string;
  readonly detail: string;
}

function planCall(
  { tool, version, agent }: MappedCall,
  result: Mapped,
  index: number,
  { settings, event, tools, nowMs }: PlanContext,
): AcceptedCall | Refused {
  const delivery = createHash('sha256').update(event.delivery_id).digest('hex').slice(0, 32);
  const source = `trigger/${event.trigger}`;
  const request = callRequestSchema.safeParse({
    user_id: result.user_id ?? settings.user_id,
    agent: { id: source, ...agent, run_id: `${source}/${delivery}` },
    tool: { slug: tool, ...defined({ version }) },
    arguments: result.arguments,
    occurrence: String(index),
    idempotency_key: `${source}/${delivery}/${index}`,
  });
  if (!request.success) {
    const [issue] = request.error.issues;
    const member = issue?.path.join('.') ?? '';
    return { reason: 'mapping_failed', detail: `${member} ${issue?.message ?? 'is not right'}` };
  }
  try {
    assertIJson(request.data.arguments);
    return acceptCall(request.data, { caller: { tenantId: event.tenant_id }, tools, nowMs, newId });
  } catch (error) {
    if (error instanceof IJsonError)
      return { reason: 'mapping_failed', detail: `arguments: ${error.message}` };
    if (!(error instanceof CallRefusedError)) throw error;
    const [problem] = error.problems;
    const place = problem === undefined ? '' : ` ${problem.pointer} ${problem.message}.`;
    return { reason: error.refusal, detail: `${error.message}${place} ${error.fix}` };
  }
}
