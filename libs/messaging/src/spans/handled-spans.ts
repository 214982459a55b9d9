import type { TraceContext } from '@action-mesh/kernel';
import { attributeName, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';

import { isOutcome } from '../outcome.js';
import type { RecordContext } from '../record-context.js';

/** Records the spans of handled records: one for each run of a handler. */
export class HandledSpans {
  readonly #spans: Spans;
  readonly #groupId: string;

  constructor(spans: Spans, groupId: string) {
    this.#spans = spans;
    this.#groupId = groupId;
  }

  /** The first span of the trace of a record without one. */
  readonly root = (): TraceContext => this.#spans.root();

  /** The outcome, unchanged. Its span is recorded when it is known. */
  async watch(context: RecordContext, outcome: Promise<unknown>): Promise<unknown> {
    const startMs = spanTimeMs();
    try {
      const result = await outcome;
      this.#record(
        context,
        startMs,
        isOutcome(result) && result.kind === 'deadLetter' ? result.reason : undefined,
      );
      return result;
    } catch (error) {
      this.#record(context, startMs, error instanceof Error ? error.name : 'error');
      throw error;
    }
  }

  #record(context: RecordContext, startMs: number, failure: string | undefined): void {
    const { topic, partition, offset } = context.record;
    const { trace, parent, tenantId } = context;
    this.#spans.record({
      name: spanName.process(topic),
      kind: 'consumer',
      trace,
      parentSpanId: parent?.spanId,
      startMs,
      endMs: spanTimeMs(),
      tenantId,
      attributes: {
        [attributeName.messagingSystem]: 'kafka',
        [attributeName.messagingOperation]: 'process',
        [attributeName.messagingOperationType]: 'process',
        [attributeName.messagingDestination]: topic,
        [attributeName.messagingGroup]: `${this.#groupId}.${topic}`,
        // A record that was handed over in memory has no place in Kafka yet.
        ...(partition < 0
          ? {}
          : {
              [attributeName.messagingPartition]: String(partition),
              [attributeName.messagingOffset]: Number(offset),
            }),
      },
      ...(failure === undefined ? {} : { error: { type: failure }, keep: true }),
    });
  }
}
