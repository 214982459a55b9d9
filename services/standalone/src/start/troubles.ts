import { topics } from '@action-mesh/contracts';
import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';

import { quarantineOf, troubleOf } from './trouble-line.js';

/** How many outcomes are remembered, to say nothing twice: Kafka may deliver a record again. */
const remembered = 10_000;

/** Says one line for each failed, dead or unclear call and for each record that was put aside, from now on. */
export class Troubles implements AsyncDisposable {
  readonly #followers: readonly TopicFollower[];
  readonly #said = new Set<string>();

  constructor(
    client: KafkaClientOptions,
    private readonly say: (line: string) => void,
  ) {
    const onError = (): void => undefined;
    this.#followers = [
      new TopicFollower({
        client,
        topic: CallOutcome.topic,
        onRecord: ({ value }) => this.#hear(JSON.parse(value?.toString() ?? '{}') as OutcomeOfCall),
        onError,
      }),
      new TopicFollower({
        client,
        topic: topics.deadLetters.name,
        onRecord: (record) => {
          const line = quarantineOf(record);
          if (line !== undefined) this.#say(line);
        },
        onError,
      }),
    ];
  }

  async start(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.start()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.close()));
  }

  #hear(outcome: OutcomeOfCall): void {
    const line = troubleOf(outcome);
    const name = `${outcome.call_id}/${outcome.seq}`;
    if (line === undefined || this.#said.has(name)) return;
    this.#said.add(name);
    const [oldest] = this.#said;
    if (this.#said.size > remembered && oldest !== undefined) this.#said.delete(oldest);
    this.#say(line);
  }

  #say(line: string): void {
    this.say(`${new Date().toISOString().slice(11, 19)} ${line}`);
  }
}
