import { ToolkitConflictError } from '../domain/catalog.errors.js';

/** How often another instance may come in between. */
const ATTEMPTS = 5;

/** Changes of toolkits, one after the other within this instance, and anew where another instance came in between. */
export class ToolkitChanges {
  /** Of each toolkit that is being changed, the end of the change that came last. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** `attempt` begins with what is on record by then. */
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
      if (!(error instanceof ToolkitConflictError) || made === ATTEMPTS) throw error;
    }
  }
}
