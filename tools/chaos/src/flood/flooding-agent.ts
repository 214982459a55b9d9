import { setTimeout as sleep } from 'node:timers/promises';

import { Pool } from 'undici';

export interface FloodingAgentOptions {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly tool: string;
  readonly calls: number;
  readonly signal: AbortSignal;
}

const batchSize = 100;
const batchesAtOnce = 4;

interface Answer {
  readonly status: string;
  readonly problem?: { readonly code: string; readonly retry_after?: number };
}

/** Submits calls as fast as the gateway accepts them. After a 429 it waits as long as the answer says. */
export class FloodingAgent {
  readonly #options: FloodingAgentOptions;
  /** The number of refusals by the gateway. A call may be refused several times. */
  refused = 0;
  accepted = 0;

  constructor(options: FloodingAgentOptions) {
    this.#options = options;
  }

  /** Resolves when every call has been accepted. */
  async run(): Promise<void> {
    await using pool = new DisposablePool(this.#options.gatewayUrl);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < this.#options.calls) {
        const from = next;
        next = Math.min(from + batchSize, this.#options.calls);
        await this.#submit(
          pool,
          Array.from({ length: next - from }, (_, index) => from + index),
        );
      }
    };
    await Promise.all(Array.from({ length: batchesAtOnce }, worker));
  }

  async #submit(pool: Pool, numbers: readonly number[]): Promise<void> {
    let left = numbers;
    while (left.length > 0) {
      this.#options.signal.throwIfAborted();
      const answers = await this.#post(pool, left);
      const sentAway = answers.filter(({ status }) => status === 'refused');
      const wrong = sentAway.find(({ problem }) => problem?.code !== 'tenant_backlog_full');
      if (wrong !== undefined) throw new Error(`a call of the flood was refused: ${JSON.stringify(wrong)}`);
      this.refused += sentAway.length;
      this.accepted += answers.length - sentAway.length;
      left = left.filter((_, index) => answers[index]?.status === 'refused');
      if (left.length === 0) return;
      const waitS = Math.max(...sentAway.map(({ problem }) => problem?.retry_after ?? 1));
      await sleep(waitS * 1_000, undefined, { signal: this.#options.signal });
    }
  }

  async #post(pool: Pool, numbers: readonly number[]): Promise<Answer[]> {
    const { tool, apiKey } = this.#options;
    const calls = numbers.map((n) => ({
      user_id: `user-${n % 50}`,
      agent: { id: 'flood', run_id: 'flood' },
      tool: { slug: tool },
      arguments: { id: `flood-${n}` },
    }));
    const response = await pool.request({
      method: 'POST',
      path: '/v1/calls',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(calls),
    });
    const body = await response.body.text();
    if (response.statusCode !== 202) throw new Error(`the gateway answered ${response.statusCode}: ${body}`);
    return JSON.parse(body) as Answer[];
  }
}

class DisposablePool extends Pool {
  constructor(url: string) {
    super(url, { connections: batchesAtOnce });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
