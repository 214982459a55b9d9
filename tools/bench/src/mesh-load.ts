import { randomUUID } from 'node:crypto';

import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { CallSubmitted } from '@action-mesh/contracts/gateway';
import { newId } from '@action-mesh/kernel';
import { encodeEvent, KafkaProducer, TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';
import type { OpenResources } from '@action-mesh/platform';
import { Pool } from 'undici';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

/** One in this many submissions is an exact duplicate of the one before it: 5 %. */
const duplicateEvery = 20;

/** The result of a run of calls, as the callers saw it. */
export interface Load {
  readonly perform: (index: number) => Promise<void>;
  /** Calls that are not a duplicate of another one. */
  distinct(): number;
  /** The submissions without a successful outcome, with one example. */
  failures(): { readonly count: number; readonly example?: string };
}

/** The users whose calls come in turn. */
const usualUsers = 100;

class Tally {
  readonly #users: number;
  readonly #run = randomUUID();
  readonly #texts = new Set<string>();
  #failed = 0;
  #example: string | undefined;

  constructor(users = usualUsers) {
    this.#users = users;
  }

  /** The content of submission number `index`. Every twentieth repeats the one before. */
  call(index: number): {
    user_id: string;
    agent: { id: string; run_id: string };
    arguments: { text: string };
  } {
    const original = index % duplicateEvery === duplicateEvery - 1 ? index - 1 : index;
    const text = `${this.#run} ${original}`;
    this.#texts.add(text);
    const user = `user-${original % this.#users}`;
    return { user_id: user, agent: { id: 'bench', run_id: this.#run }, arguments: { text } };
  }

  settle(outcome: { readonly status?: unknown }, raw: string): void {
    if (outcome.status === 'succeeded') return;
    this.#failed += 1;
    this.#example ??= raw;
  }

  readonly results = {
    distinct: (): number => this.#texts.size,
    failures: (): { count: number; example?: string } =>
      this.#example === undefined ? { count: this.#failed } : { count: this.#failed, example: this.#example },
  };
}

/** Calls through `POST /v1/tools/{slug}/execute`, waiting for each outcome. */
export function httpLoad(
  { gatewayUrl, apiKey }: MeshProcesses,
  open: OpenResources,
  users = usualUsers,
): Load {
  const pool = open.add(new Pool(gatewayUrl, { connections: 256, pipelining: 1 }), (used) => used.close());
  const tally = new Tally(users);
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    prefer: 'wait=60',
  };
  const perform = async (index: number): Promise<void> => {
    const response = await pool.request({
      method: 'POST',
      path: '/v1/tools/bench_echo/execute',
      headers,
      body: JSON.stringify(tally.call(index)),
    });
    const text = await response.body.text();
    tally.settle(JSON.parse(text) as { status?: unknown }, text);
  };
  return { perform, ...tally.results };
}

/** Calls published straight to Kafka, each waiting for its outcome on `mesh.outcomes`. */
export async function kafkaLoad(
  client: KafkaClientOptions,
  publisherToken: string,
  open: OpenResources,
): Promise<Load> {
  const producer = open.add(new KafkaProducer({ client, topics: [CallSubmitted.topic] }), (used) =>
    used.close(),
  );
  const waiting = new Map<string, (value: string) => void>();
  const outcomes = open.add(
    new TopicFollower({
      client,
      topic: CallOutcome.topic,
      onRecord: ({ key, value }) => waiting.get(key?.toString() ?? '')?.(value?.toString() ?? '{}'),
    }),
    (used) => used.close(),
  );
  await outcomes.start();
  const tally = new Tally();
  const perform = async (index: number): Promise<void> => {
    const callId = newId();
    let patience: NodeJS.Timeout | undefined;
    const answered = new Promise<string>((resolve) => {
      waiting.set(callId, (text) => {
        if (isTheEnd(text)) resolve(text);
      });
      patience = setTimeout(() => resolve('{"status":"no outcome within a minute"}'), 60_000);
    });
    const submitted = { ...tally.call(index), call_id: callId, tool: { slug: 'bench_echo' } };
    await producer.send(
      encodeEvent(CallSubmitted, submitted, {
        source: '/bench',
        headers: { 'mesh-publisher-token': publisherToken },
      }),
    );
    const text = await answered;
    clearTimeout(patience);
    waiting.delete(callId);
    tally.settle(JSON.parse(text) as OutcomeOfCall, text);
  };
  return { perform, ...tally.results };
}

/** A waiting call has an outcome and continues, so that outcome is not the end. */
function isTheEnd(text: string): boolean {
  const { status } = JSON.parse(text) as OutcomeOfCall;
  return status !== 'waiting' && status !== 'indeterminate';
}
