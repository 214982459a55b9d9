import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import { mostCallsOfDelivery, type MappedCall } from '@action-mesh/contracts/webhooks';
import jsonata from 'jsonata';

import type { Mapped, MappedResult, Mapper } from '../../application/mapper.port.js';
import type { MappingInput, MappingJob } from './mapping-messages.js';
import { heapMb, MappingProcess } from './mapping-process.js';

const mostProcesses = 2;
/** The time of one mapping. */
const deadlineMs = 1_000;
/** The most characters of all results of a mapping. */
const mostCharacters = 1_000_000;

/**
 * Evaluates JSONata in processes of its own. JSONata can loop and grow for ever, so each mapping has a deadline and each
 * process a bounded heap.
 *
 * - JM1: a mapping that takes too long, or more memory than a process has, ends its process and nothing else.
 * - JM2: the process sees no variable of the environment.
 */
export class JsonataMapper implements Mapper, AsyncDisposable {
  readonly #idle: MappingProcess[] = [];
  readonly #waiting: ((ready: MappingProcess) => void)[] = [];
  #count = 0;
  #isClosed = false;

  problemOf(expression: string): string | undefined {
    try {
      jsonata(expression);
      return undefined;
    } catch (error) {
      const { message, position } = error as { readonly message?: string; readonly position?: number };
      const place = position === undefined ? '' : ` (character ${position})`;
      return `must be a JSONata expression: ${message ?? 'it nests too deep'}${place}`;
    }
  }

  async map(calls: readonly MappedCall[], event: FiredTrigger): Promise<Mapped> {
    const { payload, trigger, delivery_id, received_at, headers = {}, scheme } = event;
    const input: MappingInput = { payload, bindings: { trigger, delivery_id, received_at, headers, scheme } };
    const job: MappingJob = {
      calls,
      input: JSON.stringify(input),
      mostCalls: mostCallsOfDelivery,
      mostCharacters,
      timeoutMs: deadlineMs,
    };
    const taken = await this.#take();
    const answer = await taken.run(job);
    if (answer === 'ended') {
      this.#replace();
      return tooMuch;
    }
    this.#give(taken);
    if ('reason' in answer) return { ok: false, ...answer };
    return { ok: true, results: JSON.parse(answer.results) as MappedResult[] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#idle.splice(0).map((idle) => idle.close()));
  }

  #take(): Promise<MappingProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#count >= mostProcesses) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#count += 1;
    return Promise.resolve(new MappingProcess());
  }

  #give(free: MappingProcess): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(free);
    else if (this.#isClosed) void free.close();
    else this.#idle.push(free);
  }

  #replace(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#count -= 1;
    else next(new MappingProcess());
  }
}

const tooMuch: Mapped = {
  ok: false,
  reason: 'mapping_too_slow',
  detail: `the mapping takes more than ${deadlineMs} ms or more than ${heapMb} MB`,
};
