import { TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';

/** A record of a topic. */
export interface LoggedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The monotonic time at which this process read it. */
  readonly readAtMs: number;
}

/** All records of a topic since the log was opened. */
export class TopicLog implements AsyncDisposable {
  readonly records: LoggedRecord[] = [];
  readonly #byKey = new Map<string, LoggedRecord[]>();
  #follower: TopicFollower | undefined;

  /** Resolves when the log can miss no later record. */
  static async follow(client: KafkaClientOptions, topic: string): Promise<TopicLog> {
    const log = new TopicLog();
    log.#follower = new TopicFollower({
      client,
      topic,
      onRecord: ({ partition, offset, key, value, headers }) =>
        log.#add({
          partition,
          offset: Number(offset),
          key: key?.toString() ?? '',
          value: value?.toString() ?? '',
          headers,
          readAtMs: performance.now(),
        }),
    });
    await log.#follower.start();
    return log;
  }

  of(key: string): readonly LoggedRecord[] {
    return this.#byKey.get(key) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follower?.close();
  }

  #add(record: LoggedRecord): void {
    this.records.push(record);
    const before = this.#byKey.get(record.key);
    if (before === undefined) this.#byKey.set(record.key, [record]);
    else before.push(record);
  }
}
