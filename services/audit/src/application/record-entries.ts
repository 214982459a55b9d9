import { NaturalBatcher } from '@action-mesh/kernel';

import { HistoryUnavailableError } from '../domain/audit.errors.js';
import type { NewEntry } from '../domain/new-entry.js';
import type { HistoryLog } from './history-log.port.js';

/** Bounds the memory of one append and the length of its transaction. */
const mostAtOnce = { maxItems: 1_000, maxBytes: 4 * 1_048_576 };

/** The reason why one entry was not recorded. */
type Refusal = { readonly error: unknown } | undefined;

/**
 * Records transitions. Those that arrive together share a transaction.
 *
 * - RE1: an entry that cannot be recorded prevents no other one.
 * - RE2: one append is under way at a time, so entries of a tenant keep the order of their arrival.
 */
export class RecordEntries {
  readonly #log: HistoryLog;
  readonly #onNew: (entry: NewEntry) => void;
  readonly #batcher: NaturalBatcher<NewEntry, Refusal>;

  /** `onNew` is called once for each entry that was not there before, after its commit. */
  constructor(log: HistoryLog, onNew: (entry: NewEntry) => void = () => undefined) {
    this.#log = log;
    this.#onNew = onNew;
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
    try {
      const isNew = await this.#log.append(entries);
      entries.forEach((entry, index) => {
        if (isNew[index] === true) this.#onNew(entry);
      });
      return entries.map(() => undefined);
    } catch (error) {
      if (error instanceof HistoryUnavailableError) throw error;
      if (entries.length === 1) return [{ error }];
      const refusals: Refusal[] = [];
      for (const entry of entries) refusals.push(...(await this.#append([entry])));
      return refusals;
    }
  }
}
