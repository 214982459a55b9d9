import { readFileSync } from 'node:fs';

import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';
import { percentile, waitFor } from '@action-mesh/testing';

import { newTenantKey, type MeshProcesses } from '@action-mesh/mesh-processes';
import { FloodingAgent } from './flooding-agent.js';

export interface FloodOptions {
  /** A running mesh. The quiet tenant gets a second gateway. */
  readonly mesh: MeshProcesses;
  readonly client: KafkaClientOptions;
  /** The tool that both tenants call, with one argument `id`. */
  readonly tool: string;
  /** Calls of the flood. */
  readonly calls: number;
  readonly signal: AbortSignal;
}

export interface Latencies {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** The times of a quiet tenant beside a flooding one. */
export interface FloodReport {
  readonly calls: number;
  readonly calm: Latencies;
  readonly flooded: Latencies;
  /** Milliseconds from the first call of the flood to its last outcome. */
  readonly tookMs: number;
  /** The number of refusals by the gateway during the flood. */
  readonly refused: number;
  readonly succeeded: number;
  /** Calls of the flood that waited in the ledger, by the reason in their outcomes. */
  readonly parked: Readonly<Record<string, number>>;
  /** The executor's memory before the flood, and the most during it. */
  readonly rssMb: { readonly before: number; readonly most: number };
}

const warmUpCalls = 50;
const calmCalls = 300;
const quietGateway = 'gateway-quiet';

/**
 * One tenant submits a flood through its gateway as fast as the gateway accepts it. Another makes one call after
 * another through its own gateway, before and during the flood, with the same tool.
 */
export async function measureFlood(options: FloodOptions): Promise<FloodReport> {
  const { mesh, client, calls, signal, tool } = options;
  await mesh.start(quietGateway);
  const url = mesh.urlOf(quietGateway);
  const quiet = new QuietCaller(url, await newTenantKey(mesh, 'quiet', { url }), tool, signal);
  await quiet.calls(warmUpCalls);
  const calmMs = await quiet.calls(calmCalls);

  const ended = new Set<string>();
  const parked: Record<string, number> = {};
  await using outcomes = new TopicFollower({
    client,
    topic: CallOutcome.topic,
    onRecord: ({ value }) => {
      const outcome = JSON.parse(value?.toString() ?? '{}') as OutcomeOfCall;
      if (outcome.tenant_id === 'quiet') return;
      if (outcome.status === 'succeeded') ended.add(outcome.call_id);
      const reason = outcome.waiting?.reason;
      if (reason !== undefined) parked[reason] = (parked[reason] ?? 0) + 1;
    },
  });
  await outcomes.start();
  const before = rssMb(mesh);
  let most = before;
  const agent = new FloodingAgent({
    gatewayUrl: mesh.gatewayUrl,
    apiKey: mesh.apiKey,
    tool,
    calls,
    signal,
  });
  const startedAtMs = performance.now();
  let submitted = false;
  const flooding = agent.run().then(() => {
    submitted = true;
  });
  const floodedMs: number[] = [];
  const isOver = (): boolean => submitted && ended.size >= calls;
  const calling = (async (): Promise<void> => {
    while (!isOver()) {
      floodedMs.push(...(await quiet.calls(1)));
      most = Math.max(most, rssMb(mesh));
    }
  })();
  await Promise.all([flooding, calling]);
  await waitFor(isOver, { timeoutMs: 60_000, what: 'the flood to be over' });
  return {
    calls,
    calm: latencies(calmMs),
    flooded: latencies(floodedMs),
    tookMs: Math.round(performance.now() - startedAtMs),
    refused: agent.refused,
    succeeded: ended.size,
    parked,
    rssMb: { before, most },
  };
}

/** Makes one call after another and waits for each. */
class QuietCaller {
  #next = 0;

  readonly #gatewayUrl: string;
  readonly #apiKey: string;
  readonly #tool: string;
  readonly #signal: AbortSignal;

  constructor(gatewayUrl: string, apiKey: string, tool: string, signal: AbortSignal) {
    this.#gatewayUrl = gatewayUrl;
    this.#apiKey = apiKey;
    this.#tool = tool;
    this.#signal = signal;
  }

  /** The duration of each call in milliseconds. */
  async calls(count: number): Promise<number[]> {
    const tookMs: number[] = [];
    for (let n = 0; n < count; n += 1) {
      this.#signal.throwIfAborted();
      const startedAtMs = performance.now();
      const response = await fetch(`${this.#gatewayUrl}/v1/tools/${this.#tool}/execute`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#apiKey}`,
          'content-type': 'application/json',
          prefer: 'wait=60',
        },
        body: JSON.stringify({
          user_id: 'ada',
          agent: { id: 'quiet', run_id: 'quiet' },
          arguments: { id: `quiet-${this.#next++}` },
        }),
        signal: this.#signal,
      });
      const { status } = (await response.json()) as { status?: unknown };
      if (status !== 'succeeded') throw new Error(`a quiet call ended as ${String(status)}`);
      tookMs.push(performance.now() - startedAtMs);
    }
    return tookMs;
  }
}

function latencies(tookMs: readonly number[]): Latencies {
  return {
    calls: tookMs.length,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    worstMs: percentile(tookMs, 1),
  };
}

function rssMb(mesh: MeshProcesses): number {
  const status = readFileSync(`/proc/${mesh.pidOf('executor')}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
