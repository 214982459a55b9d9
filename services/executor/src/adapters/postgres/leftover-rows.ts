import type { ClaimOfCall } from '../../application/outbox-publisher.port.js';

/** Rows to delete: outbox rows by their ids, and claims by theirs. */
export interface Leftovers {
  readonly published: readonly string[];
  readonly finished: readonly string[];
}

interface FinishedClaim {
  readonly claimId: string;
  readonly instanceId: string;
}

/**
 * Rows that the ledger no longer needs: outbox rows that Kafka has, and claims without a user. Users of a claim are its
 * running calls, and its outcomes that only the claim vouches for, until Kafka has them (I8).
 *
 * A claim counts as finished only for the instance that held it. After a take-over the claim has another owner, even if
 * that is this process again. The former owner's knowledge of the claim is void then.
 */
export class LeftoverRows {
  #published: string[] = [];
  #finished: FinishedClaim[] = [];
  readonly #users = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#published.length === 0 && this.#finished.length === 0;
  }

  published(outboxIds: readonly string[]): void {
    this.#published.push(...outboxIds);
  }

  /** Adds a user of the claim. */
  claimed({ claimId, instance }: ClaimOfCall): void {
    const key = `${instance.id}/${claimId}`;
    this.#users.set(key, (this.#users.get(key) ?? 0) + 1);
  }

  /** Removes a user of the claim. The last one makes the claim a leftover. */
  released({ claimId, instance }: ClaimOfCall): void {
    const key = `${instance.id}/${claimId}`;
    const users = (this.#users.get(key) ?? 0) - 1;
    if (users > 0) {
      this.#users.set(key, users);
      return;
    }
    this.#users.delete(key);
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
