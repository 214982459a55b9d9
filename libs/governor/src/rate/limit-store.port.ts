import type { LimitRate } from './share.js';

/** One bucket that a request takes a token from. */
export interface Counter {
  readonly key: string;
  readonly rate: LimitRate;
  /** What a denial names: `provider:slack#slack-per-minute`. */
  readonly scope: string;
}

/** The right to send the one request that tests a broken endpoint. */
export interface ProbeLease {
  readonly key: string;
  readonly token: string;
  /** How long others wait for somebody who took it and was never heard of again. */
  readonly leaseMs: number;
}

/** What one request needs. */
export interface Demand {
  readonly counters: readonly Counter[];
  /** Names the credential at its provider; see `blockName`. */
  readonly block: string;
  readonly probe?: ProbeLease;
}

/** Tokens that were taken, for the case that they are not used. */
export interface TokenGrant {
  readonly counters: readonly Counter[];
  readonly takenAtUs: number;
  /** Of the state that they were taken from; what is given back to another state is dropped. */
  readonly life: string;
}

export type LimitDecision =
  | { readonly kind: 'granted'; readonly grant: TokenGrant }
  | { readonly kind: 'limited'; readonly waitMs: number; readonly counter: Counter }
  | { readonly kind: 'blocked'; readonly waitMs: number }
  /** Somebody else tests the endpoint. */
  | { readonly kind: 'probing'; readonly waitMs: number };

/** What an instance took by itself while others could not see it, to be charged to all. */
export interface Charge {
  readonly counter: Counter;
  readonly cost: number;
}

/** A credential that its provider told to wait. */
export interface Block {
  readonly block: string;
  readonly forMs: number;
}

/** Where all instances count together. Every method rejects when the store is not there; none waits for its return. */
export interface LimitStore {
  /** Why it cannot be asked now; `undefined`: it can. */
  readonly problem: string | undefined;
  /** All or nothing for each demand, one after the other. Charges come first and are never refused. */
  decide(demands: readonly Demand[], charges: readonly Charge[]): Promise<readonly LimitDecision[]>;
  giveBack(grant: TokenGrant): Promise<void>;
  /** Makes all instances know that a credential is blocked, unless it is blocked for longer. */
  block(blocks: readonly Block[]): Promise<void>;
  /** `holdMs` 0: anyone may probe again; else nobody for so long. */
  endProbe(probe: ProbeLease, holdMs: number): Promise<void>;
  /**
   * For instances that come back after an outage: milliseconds until they all count together again. The first one
   * to ask decides, at `afterMs` from now; with 0 it only asks what others have decided.
   */
  handover(afterMs: number): Promise<number>;
  /** Drops a connection that does not answer, for a new one. */
  reconnect(): void;
  /** Tells of blocks that others learned of, and of those that were there before. */
  onBlock(listener: (block: Block) => void): void;
  /** Tells that the state was lost: what is to be known by all has to be told again. */
  onWiped(listener: () => void): void;
  close(): Promise<void>;
}
