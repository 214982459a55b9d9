import { AdministrationRecorded, type RecordedAdministration } from '@action-mesh/contracts/audit';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
  type AcceptedCall,
  type FiredTrigger,
} from '@action-mesh/contracts/gateway';
import { childSpan, defined, type TraceContext } from '@action-mesh/kernel';
import {
  encodeEvent,
  RecordTooLargeError,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';
import { noSpans, type CallFacts, type Spans } from '@action-mesh/telemetry/port';

import type { CallLane, EventLog } from '../../application/event-log.port.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';

const source = '/services/gateway';

const definitions: Readonly<Record<CallLane, typeof CallAccepted>> = {
  calls: CallAccepted,
  awaited: AwaitedCallAccepted,
  bulk: BulkCallAccepted,
};

/** How the log takes part in traces. */
export interface EventTraces {
  readonly spans: Spans;
  /** Whether the call may change something at its provider. */
  readonly isWrite: (call: AcceptedCall) => boolean;
}

const untraced: EventTraces = { spans: noSpans, isWrite: () => true };

/** The event log as Kafka topics. The id of a record follows from its content, so consumers recognise a repetition. */
export class KafkaEventLog implements EventLog {
  readonly #producer: Pick<RecordProducer, 'send'>;
  readonly #traces: EventTraces;

  constructor(producer: Pick<RecordProducer, 'send'>, traces: EventTraces = untraced) {
    this.#producer = producer;
    this.#traces = traces;
  }

  async callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void> {
    const { spans } = this.#traces;
    if (spans.isOn) spans.describe(trace.traceId, factsOf(call));
    const sent = spans.isOn ? this.#sent(trace, this.#traces.isWrite(call)) : { trace };
    await this.#send(
      encodeEvent(definitions[lane], call, { source, id: call.call_id, ...sent }),
      call.call_id,
    );
  }

  async triggerFired(fired: FiredTrigger, trace: TraceContext): Promise<void> {
    const sent = this.#traces.spans.isOn ? this.#sent(trace, false) : { trace };
    await this.#send(encodeEvent(TriggerFired, fired, { source, id: fired.trigger_id, ...sent }));
  }

  /**
   * The span of the send, below the request. The trace of a write is sampled from here on, in every service. The spans
   * above, such as that of the request, are not sampled, so this process keeps them.
   */
  #sent(
    request: TraceContext,
    isWrite: boolean,
  ): { readonly trace: TraceContext; readonly parentSpanId: string } {
    const own = childSpan(request);
    const { spanId: parentSpanId } = request;
    if (!isWrite || own.sampled) return { trace: own, parentSpanId };
    this.#traces.spans.keep(own.traceId);
    return { trace: { ...own, sampled: true }, parentSpanId };
  }

  async administrationRecorded(act: RecordedAdministration, trace: TraceContext): Promise<void> {
    const id = `${act.act_id}/${act.phase}`;
    await this.#send(encodeEvent(AdministrationRecorded, act, { source, id, trace }));
  }

  async #send(record: OutgoingRecord, callId?: string): Promise<void> {
    try {
      await this.#producer.send(record);
    } catch (cause) {
      if (cause instanceof RecordTooLargeError) {
        throw new RequestRefusedError(
          'call_too_large',
          'The request is larger than a record of the mesh may be.',
          'Send less data, or send a reference to it.',
        );
      }
      throw new MeshUnavailableError('The log did not confirm the record in time.', {
        cause,
        ...defined({ callId }),
      });
    }
  }
}

function factsOf({ tenant_id: tenantId, user_id: userId, agent }: AcceptedCall): CallFacts {
  return { tenantId, userId, sessionId: agent?.session_id, agentId: agent?.id, runId: agent?.run_id };
}
