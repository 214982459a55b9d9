import type { OutcomeHead } from '../domain/outcome-filter.js';
import type { OutcomeSubscription } from './outcome-subscription.js';

/** The property under which a reader finds its outcomes. */
type Property = 'tenant' | 'call' | 'user' | 'run';

/**
 * Finds the readers that an outcome may concern, by the narrowest property that each of them fixes. So an outcome costs
 * the same with one reader and with a thousand that want others.
 */
export class StreamIndex {
  readonly #readers = new Map<string, Set<OutcomeSubscription>>();

  get isEmpty(): boolean {
    return this.#readers.size === 0;
  }

  add(reader: OutcomeSubscription): void {
    for (const entry of entriesOf(reader)) {
      const others = this.#readers.get(entry);
      if (others === undefined) this.#readers.set(entry, new Set([reader]));
      else others.add(reader);
    }
  }

  remove(reader: OutcomeSubscription): void {
    for (const entry of entriesOf(reader)) {
      const others = this.#readers.get(entry);
      others?.delete(reader);
      if (others?.size === 0) this.#readers.delete(entry);
    }
  }

  /** Each reader comes once. */
  *readersOf({ tenantId, callId, userId, runId }: OutcomeHead): Iterable<OutcomeSubscription> {
    yield* this.#of(tenantId, 'tenant', '');
    yield* this.#of(tenantId, 'call', callId);
    yield* this.#of(tenantId, 'user', userId);
    if (runId !== undefined) yield* this.#of(tenantId, 'run', runId);
  }

  #of(tenantId: string, property: Property, value: string): Iterable<OutcomeSubscription> {
    return this.#readers.get(entryOf(tenantId, property, value)) ?? [];
  }
}

/** The entries of one reader have the same property. */
function entriesOf({ caller, filter }: OutcomeSubscription): readonly string[] {
  const { tenantId, users } = caller;
  const { callIds, userId, runId } = filter;
  if (callIds !== undefined) return [...callIds].map((id) => entryOf(tenantId, 'call', id));
  if (userId !== undefined) return [entryOf(tenantId, 'user', userId)];
  if (runId !== undefined) return [entryOf(tenantId, 'run', runId)];
  if (users !== undefined) return [...users].map((user) => entryOf(tenantId, 'user', user));
  return [entryOf(tenantId, 'tenant', '')];
}

function entryOf(tenantId: string, property: Property, value: string): string {
  return `${tenantId}/${property}/${value}`;
}
