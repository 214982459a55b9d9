import { ledgerStateSchema } from '@action-mesh/contracts/executor';
import type { Clock } from '@action-mesh/kernel';
import { Repeater, type HealthComponent } from '@action-mesh/platform';

import type { LedgerAvailability } from '../../application/ledger-availability.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const askEveryMs = 1_000;
const timeoutMs = 1_000;

/** The time that a refusal holds while no executor answers, milliseconds. */
const memoryMs = 5_000;

export interface LedgerWatchOptions {
  readonly executor: ServiceAddress;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called when the ledger begins to refuse calls, and when it accepts them again. */
  readonly onChange: (refusal: string | undefined) => void;
}

/**
 * Asks an executor once a second whether the ledger accepts calls. Calls themselves never ask. The gateway refuses
 * calls only after an executor answers no. Without an answer it accepts calls, since Kafka keeps them until executors
 * are back.
 */
export class LedgerWatch implements LedgerAvailability {
  readonly #options: LedgerWatchOptions;
  readonly #api: InternalApi;
  readonly #stopped = new AbortController();
  #refusal: string | undefined;
  #heardAtMs = -Infinity;
  #repeater: Repeater | undefined;

  constructor(options: LedgerWatchOptions) {
    this.#options = options;
    this.#api = new InternalApi({
      ...options.executor,
      timeoutMs,
      unavailable: 'No executor answers.',
      fix: 'Check that executors run.',
      stop: this.#stopped.signal,
    });
  }

  get refusal(): string | undefined {
    return this.#refusal;
  }

  start(): void {
    this.#repeater = new Repeater({
      run: () => this.#ask(),
      everyMs: askEveryMs,
      firstAfterMs: 0,
      onError: () => undefined,
    });
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#repeater?.close();
  }

  async #ask(): Promise<void> {
    const { clock } = this.#options;
    try {
      const state = await this.#api.ask({ method: 'GET', path: ['ledger'] }, (answer) =>
        answer.status === 200 ? ledgerStateSchema.parse(answer.body) : unexpected(answer),
      );
      this.#heardAtMs = clock.monotonicMs();
      this.#set(state.accepts ? undefined : (state.reason ?? 'the executor gave no reason'));
    } catch {
      if (clock.monotonicMs() - this.#heardAtMs > memoryMs) this.#set(undefined);
    }
  }

  #set(refusal: string | undefined): void {
    const changed = (refusal === undefined) !== (this.#refusal === undefined);
    this.#refusal = refusal;
    if (changed) this.#options.onChange(refusal);
  }
}

/** A gateway is not ready while it answers calls with 503. */
export function ledgerHealth(ledger: LedgerAvailability): HealthComponent {
  return {
    name: 'ledger',
    ready: () =>
      ledger.refusal === undefined ? undefined : `new calls cannot be recorded: ${ledger.refusal}`,
  };
}
