import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { Redis } from 'ioredis';

import {
  openGovernor,
  PolicyIndex,
  type GovernorOptions,
  type MeshGovernor,
  type Signal,
} from '../src/index.js';
import { sampleSubject } from './governor-samples.js';
import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** Governors that share one namespace, like the executors of one mesh. */
export class GovernorHarness implements AsyncDisposable {
  /** When requests left, in milliseconds of the machine's common clock. */
  readonly leftAtMs: number[] = [];
  readonly #governors: MeshGovernor[] = [];
  readonly #redisUrl: string;
  readonly #namespace = `test-${newId()}`;
  readonly #clients: Redis[] = [];

  constructor(redisUrl: string | undefined) {
    if (redisUrl === undefined) {
      throw new Error('these tests need a real Redis: put redis-server on the PATH, or set REDIS_URL');
    }
    this.#redisUrl = redisUrl;
  }

  /** Starts a governor and waits until it counts together with the others. */
  async start(
    policies: readonly LimitPolicy[],
    options: Partial<GovernorOptions> = {},
  ): Promise<MeshGovernor> {
    const index = new PolicyIndex();
    for (const policy of policies) index.put(policy);
    const governor = openGovernor({
      policies: index,
      redisUrl: this.#redisUrl,
      namespace: this.#namespace,
      instances: () => this.#governors.length,
      // The machine of a test may pause for longer than Redis ever takes.
      timeoutMs: 250,
      ...options,
    });
    this.#governors.push(governor);
    await waitFor(() => governor.status().mode === 'shared', { what: 'the governor to reach Redis' });
    return governor;
  }

  /** A plain client of the same server, for the actions of operators and for accidents. */
  client(): Redis {
    const client = new Redis(this.#redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  /** The name of a key of these governors in Redis. */
  key(name: string): string {
    return `{${this.#namespace}:limits}:${name}`;
  }

  /** Asks all governors for permits in a loop, as fast as they answer, until `until` is over. */
  async flood(until: Promise<unknown>, signal: Signal = ok): Promise<void> {
    let over = false;
    const ended = until.finally(() => (over = true));
    const ask = async (governor: MeshGovernor): Promise<void> => {
      while (!over) {
        const admission = await governor.admit(sampleSubject());
        if (admission.allowed) {
          this.leftAtMs.push(performance.now());
          admission.permit.settle(signal);
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await Promise.all([ended, ...this.#governors.map((governor) => ask(governor))]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#governors.map((governor) => governor.close()));
    for (const client of this.#clients) client.disconnect();
  }
}

export const ok: Signal = { kind: 'answered', status: 200, durationMs: 1 };
