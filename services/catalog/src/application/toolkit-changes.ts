import { ToolkitChangedError } from '../domain/catalog.errors.js';

/** How often another instance may come in between. */
const ATTEMPTS = 5;

/** Changes of toolkits, one after the other within this instance, and anew where another instance came in between. */
export class ToolkitChanges {
  readonly #last = new Map<string, Promise<unknown>>();

  /** `attempt` begins with what is on record by then. */
  async run<T>(toolkit: string, attempt: () => Promise<T>): Promise<T> {
    const before = this.#last.get(toolkit);
    const made = (before ?? Promise.resolve()).then(() => repeated(attempt));
    const settled = made.catch(() => undefined);
    this.#last.set(toolkit, settled);
    try {
      return await made;
    } finally {
      if (this.#last.get(toolkit) === settled) this.#last.delete(toolkit);
    }
  }
}

async function repeated<T>(attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ToolkitChangedError) || made === ATTEMPTS) throw error;
    }
  }
}
