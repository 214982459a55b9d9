import { LinkedList, ListNode } from './linked-list.js';

/** A call that waits for a slot. */
export interface QueuedCall {
  readonly credential: CredentialShare;
  readonly start: () => void;
  /** The call is ours already and waits without a limit. */
  readonly owned: boolean;
}

/** The running and waiting calls with one credential. */
export class CredentialShare {
  readonly node = new ListNode<CredentialShare>(this);
  readonly waiting = new LinkedList<QueuedCall>();
  inUse = 0;

  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A call that holds a slot for this many milliseconds costs one credit. */
const creditMs = 50;

/** The highest cost of a call. It bounds the rounds until a turn. */
const highestCost = 16;

/** Weight of the newest call in the average. */
const newest = 1 / 8;

/** The running and waiting calls of one tenant, by credential, so a full credential does not hold up the others. */
export class TenantShare {
  readonly node = new ListNode<TenantShare>(this);
  /** Credentials with waiting calls and free slots. */
  readonly ready = new LinkedList<CredentialShare>();
  readonly #credentials = new Map<string, CredentialShare>();
  inUse = 0;
  waiting = 0;
  /** The number of waiting calls that are ours already. */
  owned = 0;
  credit = 0;
  #holdMs = 0;
  #slotMs = 0;
  #sinceMs: number;

  readonly id: string;
  readonly credentialCap: number;

  constructor(id: string, credentialCap: number, nowMs: number) {
    this.id = id;
    this.credentialCap = credentialCap;

    this.#sinceMs = nowMs;
  }

  /** The cost of one call in credits: the average time that the tenant's calls hold a slot. */
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
    // Between two ends, all slots together pass on average as much time as one call holds its own.
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

  /** Moves the credential to its right list after a change. */
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
