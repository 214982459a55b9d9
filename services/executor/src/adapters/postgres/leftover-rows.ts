import type { OwnedCall } from '../../application/ledger.port.js';
import type { Leftovers } from './record-statement.js';

interface FinishedClaim {
  readonly claimId: string;
  readonly instanceId: string;
}

/**
 * Rows that the ledger no longer needs: outbox rows that Kafka has, and claims without a running call. The next batch
 * deletes them along the way, because a separate statement would cost a commit.
 *
 * A claim counts as finished only for the instance that held it. After a take-over the claim has another owner, even if
 * that is this process again. The former owner's knowledge of the claim is void then.
 */
export class LeftoverRows {
  #published: string[] = [];
  #finished: FinishedClaim[] = [];
  readonly #openCalls = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#published.length === 0 && this.#finished.length === 0;
  }

  published(outboxIds: readonly string[]): void {
    this.#published.push(...outboxIds);
  }

  claimed(claimId: string, instanceId: string): void {
    const key = `${instanceId}/${claimId}`;
    this.#openCalls.set(key, (this.#openCalls.get(key) ?? 0) + 1);
  }

  released({ claimId, instance }: Pick<OwnedCall, 'claimId' | 'instance'>): void {
    const key = `${instance.id}/${claimId}`;
    const open = (this.#openCalls.get(key) ?? 0) - 1;
    if (open > 0) {
      this.#openCalls.set(key, open);
      return;
    }
    this.#openCalls.delete(key);
    this.#finished.push({ claimId, instanceId: instance.id });
  }

  /** Hands out all rows once. Claims of earlier instances are left to the next take-over. */
  take(instanceId: string | undefined): Leftovers {
    const mine = this.#finished.filter((claim) => claim.instanceId === instanceId);
    const taken = { published: this.#published, finished: mine.map(({ claimId }) => claimId) };
    this.#published = [];
    this.#finished = [];
    return taken;
  }

  /** Takes back rows that a failed statement did not delete. */
  restore(leftovers: Leftovers, instanceId: string | undefined): void {
    this.#published.push(...leftovers.published);
    if (instanceId === undefined) return;
    this.#finished.push(...leftovers.finished.map((claimId) => ({ claimId, instanceId })));
  }
}
