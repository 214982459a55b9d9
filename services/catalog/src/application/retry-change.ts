import { ToolkitChangedError } from '../domain/catalog.errors.js';

/** How often somebody else may come in between. */
const ATTEMPTS = 5;

/** Does it anew, from what is on record by then, when another change of the toolkit came in between. */
export async function retryChange<T>(attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ToolkitChangedError) || made === ATTEMPTS) throw error;
    }
  }
}
