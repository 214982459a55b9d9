import { newId } from '@action-mesh/kernel';

import {
  DEAD_LETTER_MAX_RECORD_BYTES,
  DelayLane,
  ensureTopics,
  KafkaProducer,
  type DelayLaneOptions,
  type DueEvent,
  type KafkaClientOptions,
} from '../src/index.js';
import { drawnEvent, type Drawn, type DrawnEvent } from './harness.js';

export interface Rung {
  readonly event: DrawnEvent;
  readonly delayMs: number;
  readonly deadLetters: string;
}

/** Creates one topic for each delay. The broker stamps their records. */
export async function makeRungs(
  client: KafkaClientOptions,
  delaysMs: readonly number[],
  partitions = 2,
): Promise<Rung[]> {
  const prefix = `messaging-test.${newId()}`;
  const config = { 'message.timestamp.type': 'LogAppendTime' };
  const rungs = delaysMs.map((delayMs) => ({
    event: drawnEvent(`${prefix}.${delayMs}ms`),
    delayMs,
    deadLetters: `${prefix}.dlq`,
  }));
  await ensureTopics(client, [
    ...rungs.map(({ event }) => ({ name: event.topic, partitions, replicationFactor: 1, config })),
    { name: `${prefix}.dlq`, partitions: 1, replicationFactor: 1, config: {} },
  ]);
  return rungs;
}

export interface RunningDelayLane extends AsyncDisposable {
  readonly lane: DelayLane<DrawnEvent['schema']>;
  close(): Promise<void>;
}

/** A lane that consumes the rung, with its own producer for dead letters. */
export function startDelayLane(
  client: KafkaClientOptions,
  { event, delayMs, deadLetters }: Rung,
  handle: (events: readonly DueEvent<Drawn>[]) => Promise<void> | void,
  options: Partial<DelayLaneOptions<DrawnEvent['schema']>> = {},
): RunningDelayLane {
  const producer = new KafkaProducer({
    client,
    topics: [deadLetters],
    maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
  });
  const lane = new DelayLane({
    client,
    definition: event,
    delayMs,
    groupId: 'delayed',
    deadLetters: { topic: deadLetters, producer },
    handle: async (events) => handle(events),
    ...options,
  });
  lane.start();
  const close = async (): Promise<void> => {
    await lane.close();
    await producer.close();
  };
  return { lane, close, [Symbol.asyncDispose]: close };
}

/**
 * Milliseconds by which an event came before its time. Negative is late. It compares with the send time, which is
 * before the broker's stamp, and uses no data of the lane.
 */
export function earlyByMs({ sentAtMs = Number.NaN }: Drawn, delayMs: number): number {
  return sentAtMs + delayMs - (performance.timeOrigin + performance.now());
}
