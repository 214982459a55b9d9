import { TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';

/** A record as it was on its topic. */
export interface LoggedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was read here, monotonic. */
  readonly readAtMs: number;
}

/** Everything that a topic got since the log was opened. */
export class TopicLog implements AsyncDisposable {
  readonly records: LoggedRecord[] = [];
  readonly #byKey = new Map<string, LoggedRecord[]>();
  #follower: TopicFollower | undefined;

  /** Resolves when nothing that is produced from now on can be missed. */
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
