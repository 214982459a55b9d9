import { LinkedList, ListNode } from './linked-list.js';

/** A call that waits for a slot. */
export interface QueuedCall {
  readonly credential: CredentialShare;
  readonly start: () => void;
  /** It is ours already and waits for as long as it takes. */
  readonly owned: boolean;
}

/** What goes to a provider with one credential. */
export class CredentialShare {
  readonly node = new ListNode<CredentialShare>(this);
  readonly waiting = new LinkedList<QueuedCall>();
  inUse = 0;

  constructor(readonly name: string) {}
}

/** A call that holds a slot for so long costs one credit. */
const creditMs = 50;

/** The most that a call costs, so that a turn is never more than so many rounds away. */
const highestCost = 16;

/** Weight of the newest call in the average. */
const newest = 1 / 8;

/** What one tenant has under way and what it has waiting, by credential, so that a full one does not hold up the others. */
export class TenantShare {
  readonly node = new ListNode<TenantShare>(this);
  /** Credentials that have calls waiting and room for them. */
  readonly ready = new LinkedList<CredentialShare>();
  readonly #credentials = new Map<string, CredentialShare>();
  inUse = 0;
  waiting = 0;
  /** How many of those that wait are ours already. */
  owned = 0;
  credit = 0;
  #holdMs = 0;
  #slotMs = 0;
  #sinceMs: number;

  constructor(
    readonly id: string,
    readonly credentialCap: number,
    nowMs: number,
  ) {
    this.#sinceMs = nowMs;
  }

  /** Credits for one call: how long its calls hold a slot, on average. */
  get cost(): number {
    return Math.min(highestCost, Math.max(1, Math.round(this.#holdMs / creditMs)));
  }

  credential(name: string): CredentialShare {
    let found = this.#credentials.get(name);
    if (found === undefined) this.#credentials.set(name, (found = new CredentialShare(name)));
    return found;
  }

  take(credential: CredentialShare, nowMs: number): void {
    this.#pass(nowMs);
    this.inUse += 1;
    credential.inUse += 1;
  }

  giveBack(credential: CredentialShare, nowMs: number): void {
    this.#pass(nowMs);
    this.inUse -= 1;
    credential.inUse -= 1;
    // From one end to the next, all slots together pass as much time as one call holds its own, on average.
    this.#holdMs += (this.#slotMs - this.#holdMs) * newest;
    this.#slotMs = 0;
    this.settle(credential);
  }

  enqueue(node: ListNode<QueuedCall>): void {
    const { credential, owned } = node.value;
    credential.waiting.append(node);
    this.waiting += 1;
    if (owned) this.owned += 1;
    this.settle(credential);
  }

  dequeue(node: ListNode<QueuedCall>): void {
    const { credential, owned } = node.value;
    credential.waiting.remove(node);
    this.waiting -= 1;
    if (owned) this.owned -= 1;
    this.settle(credential);
  }

  /** Gives a slot to the next call of the credential whose turn it is. */
  startNext(nowMs: number): void {
    const credential = this.ready.first?.value;
    const waiter = credential?.waiting.first;
    if (credential === undefined || waiter === undefined) return;
    this.ready.rotate();
    this.take(credential, nowMs);
    this.dequeue(waiter);
    waiter.value.start();
  }

  /** Puts the credential where it belongs after something about it has changed. */
  settle(credential: CredentialShare): void {
    if (credential.waiting.length > 0 && credential.inUse < this.credentialCap) {
      this.ready.append(credential.node);
      return;
    }
    this.ready.remove(credential.node);
    if (credential.waiting.length === 0 && credential.inUse === 0) this.#credentials.delete(credential.name);
  }

  #pass(nowMs: number): void {
    this.#slotMs += this.inUse * (nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
  }
}
