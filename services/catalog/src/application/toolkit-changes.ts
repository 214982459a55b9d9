import { ToolkitConflictError } from '../domain/catalog.errors.js';

/** The most attempts of one change, if other instances come in between. */
const attempts = 5;

/**
 * Runs the changes of each toolkit one after the other within this instance. It repeats a change if another instance
 * came in between.
 */
export class ToolkitChanges {
  /** The end of the last change, for each toolkit under change. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** Runs a change. `attempt` begins by reading the present record. */
  async run<T>(toolkit: string, attempt: () => Promise<T>): Promise<T> {
    const before = this.#ends.get(toolkit);
    const made = before === undefined ? repeated(attempt) : before.then(() => repeated(attempt));
    const end = made.catch(() => undefined);
    this.#ends.set(toolkit, end);
    try {
      return await made;
    } finally {
      if (this.#ends.get(toolkit) === end) this.#ends.delete(toolkit);
    }
  }
}

async function repeated<T>(attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ToolkitConflictError) || made === attempts) throw error;
    }
  }
}
