import { Chain, Link } from './chain.js';

/** A call that waits for a place. */
export interface Waiter {
  readonly credential: CredentialShare;
  readonly start: () => void;
  /** It is ours already and waits for as long as it takes. */
  readonly owned: boolean;
}

/** What goes to a provider with one credential. */
export class CredentialShare {
  readonly link = new Link<CredentialShare>(this);
  readonly waiting = new Chain<Waiter>();
  inUse = 0;

  constructor(readonly name: string) {}
}

/** A call that holds a place for so long costs one credit. */
const creditMs = 50;

/** The most that a call costs, so that a turn is never more than so many rounds away. */
const highestCost = 16;

/** Weight of the newest call in the average. */
const newest = 1 / 8;

/** What one tenant has under way and what it has waiting, by credential, so that a full one does not hold up the others. */
export class TenantShare {
  readonly link = new Link<TenantShare>(this);
  /** Credentials that have calls waiting and room for them. */
  readonly ready = new Chain<CredentialShare>();
  readonly #credentials = new Map<string, CredentialShare>();
  inUse = 0;
  waiting = 0;
  /** How many of those that wait are ours already. */
  owned = 0;
  credit = 0;
  #holdMs = 0;
  #placeMs = 0;
  #sinceMs: number;

  constructor(
    readonly id: string,
    readonly credentialCap: number,
    nowMs: number,
  ) {
    this.#sinceMs = nowMs;
  }

  /** Credits for one call: how long its calls hold a place, on average. */
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
    // From one end to the next, all places together pass as much time as one call holds its own, on average.
    this.#holdMs += (this.#placeMs - this.#holdMs) * newest;
    this.#placeMs = 0;
    this.settle(credential);
  }

  enqueue(link: Link<Waiter>): void {
    const { credential, owned } = link.value;
    credential.waiting.append(link);
    this.waiting += 1;
    if (owned) this.owned += 1;
    this.settle(credential);
  }

  leave(link: Link<Waiter>): void {
    const { credential, owned } = link.value;
    credential.waiting.remove(link);
    this.waiting -= 1;
    if (owned) this.owned -= 1;
    this.settle(credential);
  }

  /** Gives a place to the next call of the credential whose turn it is. */
  startNext(nowMs: number): void {
    const credential = this.ready.first?.value;
    const waiter = credential?.waiting.first;
    if (credential === undefined || waiter === undefined) return;
    this.ready.rotate();
    this.take(credential, nowMs);
    this.leave(waiter);
    waiter.value.start();
  }

  /** Puts the credential where it belongs after something about it has changed. */
  settle(credential: CredentialShare): void {
    if (credential.waiting.length > 0 && credential.inUse < this.credentialCap) {
      this.ready.append(credential.link);
      return;
    }
    this.ready.remove(credential.link);
    if (credential.waiting.length === 0 && credential.inUse === 0) this.#credentials.delete(credential.name);
  }

  #pass(nowMs: number): void {
    this.#placeMs += this.inUse * (nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
  }
}
