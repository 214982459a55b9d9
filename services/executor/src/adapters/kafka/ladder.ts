import { retryRungs, type DueRetry } from '@action-mesh/contracts/executor';
import { childSpan } from '@action-mesh/kernel';
import {
  DelayLane,
  type DelayLaneOptions,
  type DueEvent,
  type KafkaClientOptions,
} from '@action-mesh/messaging';
import { attributeName, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';

import type { WakeCalls } from '../../application/wake-calls.js';
import { executorPoints } from '../../diagnostics.js';

export interface LadderOptions {
  readonly client: KafkaClientOptions;
  readonly groupId: string;
  readonly deadLetters: DelayLaneOptions<never>['deadLetters'];
  readonly wakeCalls: Pick<WakeCalls, 'named'>;
  readonly onError: (error: unknown) => void;
}

/**
 * The retry ladder: one lane for each rung, each with its own group. A record wakes its call after the delay of its
 * rung. The ledger decides whether the call still waits.
 */
export class Ladder implements AsyncDisposable {
  readonly #lanes: readonly { readonly live: boolean; close(): Promise<void> }[];

  constructor({ client, groupId, deadLetters, wakeCalls, onError }: LadderOptions) {
    this.#lanes = retryRungs.map((rung) => {
      const lane = new DelayLane({
        client,
        groupId,
        deadLetters,
        definition: rung.event,
        delayMs: rung.delayMs,
        handle: async (events) => {
          const retries = events.map(namedCall);
          const startMs = spanTimeMs();
          executorPoints.ladder_before_wake.publish(() => ({ retries }));
          await wakeCalls.named(retries);
          executorPoints.ladder_after_wake.publish(() => ({ retries }));
          if (client.spans?.isOn === true) recordRung(client.spans, rung.topic, events, startMs);
        },
        onHandlerError: onError,
      });
      lane.start();
      return lane;
    });
  }

  /** False when a rung has been out of its group for so long that only a new process can help. */
  get live(): boolean {
    return this.#lanes.every(({ live }) => live);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A span for each record of a rung. The time until its call is due is no part of it. */
function recordRung(
  spans: Spans,
  topic: string,
  events: readonly DueEvent<DueRetry>[],
  startMs: number,
): void {
  const endMs = spanTimeMs();
  for (const { trace, data } of events) {
    if (trace === undefined) continue;
    spans.record({
      name: spanName.process(topic),
      kind: 'consumer',
      trace: childSpan(trace),
      parentSpanId: trace.spanId,
      startMs,
      endMs,
      tenantId: data.tenant_id,
      attributes: {
        [attributeName.messagingSystem]: 'kafka',
        [attributeName.messagingOperation]: 'process',
        [attributeName.messagingOperationType]: 'process',
        [attributeName.messagingDestination]: topic,
        [attributeName.messagingBatchCount]: events.length,
        [attributeName.attempt]: data.attempt,
      },
    });
  }
}

function namedCall({ data }: DueEvent<DueRetry>): Parameters<WakeCalls['named']>[0][number] {
  return { tenantId: data.tenant_id, userId: data.user_id, hash: data.hash, attempt: data.attempt };
}
