import { CallOutcome } from '@action-mesh/contracts/executor';
import {
  BrokerUnavailableError,
  readTopicExtent,
  TopicReplay,
  type KafkaClientOptions,
} from '@action-mesh/messaging';

import type { LogExtent, OutcomeLog, ReplayReader } from '../../application/outcome-log.port.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { streamIdentity } from '../../domain/stream-cursor.js';
import { KafkaOutcome } from './kafka-outcome.js';

const extentTimeoutMs = 5_000;
/** Readers that connect at once share one answer of the broker. */
const extentFreshMs = 500;

/** The topic of outcomes in Kafka. Its follower belongs to the gateway's connection to the mesh. */
export class KafkaOutcomeLog implements OutcomeLog {
  readonly #client: KafkaClientOptions;
  readonly #follower: { readonly outcomePositions: ReadonlyMap<number, number> };
  #extent: { readonly atMs: number; readonly found: Promise<LogExtent> } | undefined;

  constructor(
    client: KafkaClientOptions,
    follower: { readonly outcomePositions: ReadonlyMap<number, number> },
  ) {
    this.#client = client;
    this.#follower = follower;
  }

  positions(): ReadonlyMap<number, number> {
    return this.#follower.outcomePositions;
  }

  extent(): Promise<LogExtent> {
    const nowMs = performance.now();
    if (this.#extent === undefined || nowMs - this.#extent.atMs > extentFreshMs) {
      this.#extent = { atMs: nowMs, found: this.#ask() };
    }
    return this.#extent.found;
  }

  async replay(from: ReadonlyMap<number, number>, reader: ReplayReader, signal: AbortSignal): Promise<void> {
    const replay = new TopicReplay({
      client: this.#client,
      topic: CallOutcome.topic,
      from,
      onRecords: (records) =>
        signal.aborted ? undefined : reader.take(records.map((record) => new KafkaOutcome(record))),
      onMoved: () => {
        if (!signal.aborted) reader.moved(replay.positions);
      },
    });
    try {
      void replay.start();
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      await replay.close();
    }
  }

  async #ask(): Promise<LogExtent> {
    try {
      const { identity, ranges } = await readTopicExtent(this.#client, CallOutcome.topic, extentTimeoutMs);
      return {
        identity: streamIdentity(identity),
        ranges: new Map(ranges.map(({ partition, start, end }) => [partition, { start, end }])),
      };
    } catch (cause) {
      this.#extent = undefined;
      if (!(cause instanceof BrokerUnavailableError)) throw cause;
      throw new MeshUnavailableError('The log of outcomes does not answer.', {
        cause,
        fix: 'Send the same request again later. The same cursor continues without a gap.',
      });
    }
  }
}
