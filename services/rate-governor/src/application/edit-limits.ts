import type { LimitPolicy, LimitView } from '@action-mesh/contracts/rate-governor';

import { checkLimit } from '../domain/check-limit.js';
import { isSameLimit, writtenLimits, type WrittenLimit } from '../domain/publication.js';
import { InvalidLimitError, LimitIsCodeError, UnknownLimitError } from '../domain/rate-governor.errors.js';
import type { LimitStore } from './limit-store.port.js';
import type { LimitTopic } from './limit-topic.port.js';
import type { PublishLimits } from './publish-limits.js';

/**
 * Limits through the API. What was stored is in force as soon as it is published, which is tried at once and then again
 * until it succeeds: a broker that is away keeps nobody from writing a limit down.
 */
export class EditLimits {
  readonly #code: readonly LimitPolicy[];
  readonly #store: LimitStore;
  readonly #topic: LimitTopic;
  readonly #publishLimits: PublishLimits;

  constructor(
    code: readonly LimitPolicy[],
    store: LimitStore,
    topic: LimitTopic,
    publishLimits: PublishLimits,
  ) {
    this.#code = code;
    this.#store = store;
    this.#topic = topic;
    this.#publishLimits = publishLimits;
  }

  async list(): Promise<LimitView[]> {
    const written = writtenLimits(this.#code, await this.#store.all());
    const published = await this.#topic.published();
    return [...written.values()]
      .map((limit) => viewOf(limit, published))
      .sort((left, right) => (left.policy.id < right.policy.id ? -1 : 1));
  }

  /** Errors: `RATE_GOVERNOR_UNKNOWN_LIMIT`. */
  async find(id: string): Promise<LimitView> {
    const found = (await this.list()).find(({ policy }) => policy.id === id);
    if (found === undefined) throw new UnknownLimitError(id);
    return found;
  }

  /** Adds a limit or replaces it. Errors: `RATE_GOVERNOR_INVALID_LIMIT`, `RATE_GOVERNOR_LIMIT_IS_CODE`. */
  async put(id: string, written: unknown): Promise<LimitView> {
    const checked = checkLimit(written);
    if (!checked.ok) throw new InvalidLimitError(id, checked.problems);
    if (checked.policy.id !== id) {
      throw new InvalidLimitError(id, [{ pointer: '/id', message: 'differs from the one in the path' }]);
    }
    this.#refuseCode(id);
    await this.#store.put(checked.policy);
    await this.#publish();
    return this.find(id);
  }

  /** Errors: `RATE_GOVERNOR_UNKNOWN_LIMIT`, `RATE_GOVERNOR_LIMIT_IS_CODE`. */
  async remove(id: string): Promise<void> {
    this.#refuseCode(id);
    if (!(await this.#store.remove(id))) throw new UnknownLimitError(id);
    await this.#publish();
  }

  #refuseCode(id: string): void {
    if (this.#code.some((policy) => policy.id === id)) throw new LimitIsCodeError(id);
  }

  /** Tried again by whoever keeps the topic up to date; `published` says how it stands. */
  async #publish(): Promise<void> {
    await this.#publishLimits.run().catch(() => undefined);
  }
}

function viewOf({ policy, source }: WrittenLimit, published: ReadonlyMap<string, LimitPolicy>): LimitView {
  return { policy, source, published: isSameLimit(policy, published.get(policy.id)) };
}
