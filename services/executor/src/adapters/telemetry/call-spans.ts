import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, type TraceContext } from '@action-mesh/kernel';
import {
  attributeName,
  callSpanId,
  linksTo,
  partSpanId,
  runSpanId,
  spanName,
  spanTimeMs,
  type FinishedSpan,
  type SpanAttributes,
  type Spans,
} from '@action-mesh/telemetry/port';

import type { Move, NewCall, OwnedCall, Park, Recorded } from '../../application/ledger.port.js';
import type { WokenCall } from '../../application/parked-calls.port.js';
import { deadStates, terminalStates, type Call } from '../../domain/call.js';
import type { Ending } from '../../domain/outcome.js';
import { callAttributes, endingAttributes, callFactsOf, spanError } from './call-attributes.js';
import type { LedgerObserver } from './ledger-observer.js';

export interface CallSpansOptions {
  readonly spans: Spans;
  /** The effect class of a call's tool. Undefined: the tool is not published. */
  readonly effectOf: (call: AcceptedCall) => string | undefined;
}

/**
 * Records the spans of calls from what the ledger has committed.
 *
 * - CS1: a call has one `execute_tool` span, from its record to the first state at which it rests: its end, the dead
 *   letters, or the review of a person. The instance whose write the ledger took records it. Its id follows from the id of the call,
 *   so spans of any process can be below it while the call still runs.
 * - CS2: a redriven call gets a span `redrive` below it, and a verdict on a resting call a span `resolve`. Both have derived ids too.
 * - CS3: a wait has no span of its length. It begins with a span `wait`, and the span `resume` of its end links to that
 *   one. Both are instants.
 */
export class CallSpans implements LedgerObserver {
  readonly #spans: Spans;
  readonly #effectOf: CallSpansOptions['effectOf'];

  constructor({ spans, effectOf }: CallSpansOptions) {
    this.#spans = spans;
    this.#effectOf = effectOf;
  }

  recorded(entries: readonly NewCall[], verdicts: readonly Recorded['verdict'][], startMs: number): void {
    this.#batch(spanName.claim, entries, startMs);
    const endMs = spanTimeMs();
    entries.forEach(({ call, trace, start, park, ending, policy }, index) => {
      this.#spans.describe(trace.traceId, callFactsOf(call));
      if (verdicts[index] !== 'fresh' || start === 'refused') return;
      if (park !== undefined) this.#waits({ call, trace }, start, park, endMs);
      if (terminalStates.includes(start.state))
        this.#record({ call, trace }, { state: start, startMs: endMs, ending, policy });
    });
  }

  moved(moves: readonly Move[], isMoved: readonly boolean[]): void {
    const nowMs = spanTimeMs();
    moves.forEach((move, index) => {
      if (isMoved[index] !== true) return;
      const { known, from, to, park } = move;
      const { call, trace } = known;
      if (trace === undefined) return;
      const place = { call, trace };
      if (park !== undefined) this.#waits(place, to, park, nowMs);
      const { ending, policy } = move;
      const startMs = (from.redrives === 0 ? known.receivedAtMs : known.renewedAtMs) ?? nowMs;
      if (isResting(from)) {
        if (terminalStates.includes(to.state)) this.#resolved(place, to, ending, nowMs);
      } else if (isResting(to) || to.redrives > from.redrives) {
        // A redrive of a call of unknown effect ends its first run without an answer.
        this.#record(place, { state: { ...to, redrives: from.redrives }, startMs, ending, policy });
      }
    });
  }

  woken(calls: readonly WokenCall[], startMs: number): void {
    if (calls.length === 0) return;
    this.#batch(
      spanName.claim,
      calls.map(({ owned }) => owned),
      startMs,
    );
    const nowMs = spanTimeMs();
    for (const { owned, lateMs } of calls) this.#resumed(owned, nowMs, { [attributeName.lateMs]: lateMs });
  }

  takenOver(calls: readonly OwnedCall[], startMs: number): void {
    if (calls.length === 0) return;
    this.#batch(spanName.takeOver, calls, startMs);
    const nowMs = spanTimeMs();
    for (const owned of calls) this.#resumed(owned, nowMs, { [attributeName.recovered]: true });
  }

  /** One call is a span in its trace. Several are a trace of their own, with links. */
  #batch(name: string, members: readonly Place[], startMs: number): void {
    const [first] = members;
    if (first === undefined) return;
    const { call, trace } = first;
    const alone = members.length === 1;
    const { links, attributes } = linksTo(members.map((member) => member.trace));
    this.#spans.record({
      name,
      kind: 'internal',
      trace: alone ? childSpan(trace) : this.#spans.root(),
      ...(alone ? { parentSpanId: trace.spanId, facts: callFactsOf(call) } : { links }),
      startMs,
      endMs: spanTimeMs(),
      attributes,
    });
  }

  /** The span of a run of a call: `execute_tool`, or `redrive`. */
  #record(
    { call, trace }: Place,
    run: {
      readonly state: Call;
      readonly startMs: number;
      readonly ending: Ending | undefined;
      readonly policy: Move['policy'];
    },
  ): void {
    const { state, startMs, ending, policy } = run;
    const { redrives, attempt, recovered } = state;
    const effect = this.#effectOf(call);
    const { hasContent } = this.#spans;
    const isFirst = redrives === 0;
    const failure = failureOf(state, ending);
    this.#spans.record({
      name: isFirst ? spanName.executeTool(call.tool.slug) : spanName.redrive(call.tool.slug),
      kind: 'internal',
      trace: { ...trace, spanId: runSpanId(call.call_id, redrives) },
      parentSpanId: isFirst ? trace.spanId : callSpanId(call.call_id),
      startMs,
      endMs: spanTimeMs(),
      facts: callFactsOf(call),
      attributes: {
        ...(isFirst ? callAttributes(call, hasContent) : { [attributeName.callId]: call.call_id }),
        ...(ending === undefined ? {} : endingAttributes(ending, policy, hasContent)),
        [attributeName.effect]: effect,
        [attributeName.attempts]: attempt,
        [attributeName.recovered]: recovered,
        [attributeName.redrives]: redrives,
      },
      ...(failure === undefined ? {} : { error: spanError(failure, hasContent) }),
      keep:
        failure !== undefined || effect !== 'read' || (policy !== undefined && policy.decision !== 'allow'),
    });
  }

  #resolved({ call, trace }: Place, state: Call, ending: Ending | undefined, nowMs: number): void {
    this.#instant({
      name: spanName.resolve(call.tool.slug),
      kind: 'internal',
      trace: { ...trace, spanId: partSpanId(call.call_id, `resolve/${state.redrives}`) },
      parentSpanId: runSpanId(call.call_id, state.redrives),
      startMs: nowMs,
      facts: callFactsOf(call),
      attributes: {
        [attributeName.callId]: call.call_id,
        [attributeName.callStatus]: ending?.status ?? state.state,
      },
      keep: true,
    });
  }

  #waits({ call, trace }: Place, { fence, redrives }: Call, park: Park, nowMs: number): void {
    const { reason, scope, delayMs, approval } = park;
    this.#instant({
      name: spanName.wait(reason),
      kind: 'internal',
      trace: { ...trace, spanId: waitSpanId(call, fence) },
      parentSpanId: runSpanId(call.call_id, redrives),
      startMs: nowMs,
      facts: callFactsOf(call),
      attributes: {
        [attributeName.callId]: call.call_id,
        [attributeName.waitReason]: reason,
        [attributeName.waitScope]: scope,
        [attributeName.waitMs]: Number.isFinite(delayMs) ? delayMs : undefined,
        [attributeName.approvalId]: approval?.shown.id,
      },
      keep: reason === 'awaiting_approval' || reason === 'redrive' || reason === 'switched_off',
    });
  }

  /** The claim has raised the fence by one since the wait or the death. */
  #resumed({ call, trace, state }: OwnedCall, nowMs: number, attributes: SpanAttributes): void {
    this.#spans.describe(trace.traceId, callFactsOf(call));
    this.#instant({
      name: spanName.resume(call.tool.slug),
      kind: 'internal',
      trace: childSpan(trace),
      parentSpanId: runSpanId(call.call_id, state.redrives),
      startMs: nowMs,
      facts: callFactsOf(call),
      attributes: { ...attributes, [attributeName.callId]: call.call_id },
      links: [
        {
          trace: { traceId: trace.traceId, spanId: waitSpanId(call, state.fence - 1) },
          attributes: { [attributeName.linkOf]: 'wait' },
        },
      ],
    });
  }

  #instant(span: Omit<FinishedSpan, 'endMs'>): void {
    this.#spans.record({ ...span, endMs: span.startMs });
  }
}

interface Place {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
}

function isResting({ state }: Call): boolean {
  return terminalStates.includes(state) || deadStates.includes(state);
}

function waitSpanId({ call_id: callId }: AcceptedCall, fence: number): string {
  return partSpanId(callId, `wait/${fence}`);
}

/** Why the run of a call is an error. */
function failureOf(call: Call, ending: Ending | undefined): FinishedSpan['error'] {
  const { state } = call;
  if (state === 'SUCCEEDED' || state === 'REHEARSED') return undefined;
  if (!isResting(call)) return { type: 'indeterminate' };
  const { failure, status } = ending ?? {};
  return { type: failure?.code ?? status ?? state.toLowerCase(), message: failure?.message };
}
