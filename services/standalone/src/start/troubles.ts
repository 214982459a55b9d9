import { topics } from '@action-mesh/contracts';
import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';
import { LogBudget } from '@action-mesh/platform';

import { quarantineOf, troubleOf } from './trouble-line.js';

/** The number of remembered outcomes. Kafka may deliver a record again, and each gets one line. */
const remembered = 10_000;

/** The most lines in ten seconds. One line counts the others. */
const mostLines = 50;

/** Prints one line for each failed, dead or unclear call and for each record that was put aside, from now on. */
export class Troubles implements AsyncDisposable {
  readonly #followers: readonly TopicFollower[];
  readonly #said = new Set<string>();
  readonly #lines: LogBudget<string>;

  constructor(client: KafkaClientOptions, say: (line: string) => void) {
    this.#lines = linesOf(say);
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
          if (line !== undefined) this.#lines.add(line);
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
    this.#lines.close();
  }

  #hear(outcome: OutcomeOfCall): void {
    const line = troubleOf(outcome);
    const name = `${outcome.call_id}/${outcome.seq}`;
    if (line === undefined || this.#said.has(name)) return;
    this.#said.add(name);
    const [oldest] = this.#said;
    if (this.#said.size > remembered && oldest !== undefined) this.#said.delete(oldest);
    this.#lines.add(line);
  }
}

/** Limits a flood of lines to a page that a person can read. */
export function linesOf(say: (line: string) => void): LogBudget<string> {
  const stamped = (line: string): void => say(`${new Date().toISOString().slice(11, 19)} ${line}`);
  return new LogBudget({
    most: mostLines,
    everyMs: 10_000,
    line: stamped,
    rest: (count) =>
      stamped(`${count} more like these; GET /v1/calls, /v1/dead-letters and /v1/refused-records list them`),
  });
}
