import { NaturalBatcher } from '@action-mesh/kernel';

import { HistoryUnavailableError } from '../domain/audit.errors.js';
import type { NewEntry } from '../domain/new-entry.js';
import type { HistoryLog } from './history-log.port.js';

/** Bounds the memory of one append and the length of its transaction. */
const mostAtOnce = { maxItems: 1_000, maxBytes: 4 * 1_048_576 };

/** The reason why one entry was not recorded. */
type Refusal = { readonly error: unknown } | undefined;

/** Observers of appends. They must not throw. */
export interface AppendObservers {
  /** Called once for each entry that was not there before, after its commit. */
  readonly onNew?: (entry: NewEntry) => void;
  /** Called when the database takes no entries now, with its reason. They wait. */
  readonly onUnavailable?: (reason: unknown) => void;
}

/**
 * Records transitions. Those that arrive together share a transaction.
 *
 * - RE1: an entry that cannot be recorded prevents no other one.
 * - RE2: one append is under way at a time, so entries of a tenant keep the order of their arrival.
 */
export class RecordEntries {
  readonly #log: HistoryLog;
  readonly #observers: AppendObservers;
  readonly #batcher: NaturalBatcher<NewEntry, Refusal>;

  constructor(log: HistoryLog, observers: AppendObservers = {}) {
    this.#log = log;
    this.#observers = observers;
    this.#batcher = new NaturalBatcher(
      { ...mostAtOnce, sizeOf: ({ content = '' }) => 1_000 + content.length },
      (entries) => this.#append(entries),
    );
  }

  /** Resolves after the commit. Rejects with `HistoryUnavailableError`, or with a defect. */
  async run(entry: NewEntry): Promise<void> {
    const refusal = await this.#batcher.add(entry);
    if (refusal !== undefined) throw refusal.error;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  async #append(entries: readonly NewEntry[]): Promise<Refusal[]> {
    let isNew: readonly boolean[];
    try {
      isNew = await this.#log.append(entries);
    } catch (error) {
      if (error instanceof HistoryUnavailableError) {
        this.#observers.onUnavailable?.(error.cause);
        throw error;
      }
      if (entries.length === 1) return [{ error }];
      const refusals: Refusal[] = [];
      for (const entry of entries) refusals.push(...(await this.#append([entry])));
      return refusals;
    }
    entries.forEach((entry, index) => {
      if (isNew[index] === true) this.#observers.onNew?.(entry);
    });
    return entries.map(() => undefined);
  }
}
