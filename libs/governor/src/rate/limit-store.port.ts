import type { LimitRate } from './share.js';

/** One bucket for a token of a request. */
export interface Counter {
  readonly key: string;
  readonly rate: LimitRate;
  /** The name in a denial: `provider:slack#slack-per-minute`. */
  readonly scope: string;
}

/** The right to send the one request that tests a broken endpoint. */
export interface ProbeLease {
  readonly key: string;
  readonly token: string;
  /** How long others wait for a holder that has fallen silent, milliseconds. */
  readonly leaseMs: number;
}

/** The needs of one request. */
export interface Demand {
  readonly counters: readonly Counter[];
  /** The name of the credential at its provider; see `blockName`. */
  readonly block: string;
  readonly probe?: ProbeLease;
  /** A look: the decision takes nothing. @default false */
  readonly isLook?: boolean;
}

/** The tokens of a request, kept so that they can be returned unused. */
export interface TokenGrant {
  readonly counters: readonly Counter[];
  readonly takenAtUs: number;
  /** The life of the state that gave the tokens. A return to another life is dropped. */
  readonly life: string;
}

export type LimitDecision =
  | { readonly kind: 'granted'; readonly grant: TokenGrant }
  | { readonly kind: 'limited'; readonly waitMs: number; readonly counter: Counter }
  | { readonly kind: 'blocked'; readonly waitMs: number }
  /** Another request probes the endpoint. */
  | { readonly kind: 'probing'; readonly waitMs: number };

/** Tokens that an instance gave in a local period, to be charged to all. */
export interface Charge {
  readonly counter: Counter;
  readonly cost: number;
}

/** A credential that its provider told to wait. */
export interface Block {
  readonly block: string;
  readonly forMs: number;
}

/**
 * The common count of all instances. Every method rejects while the store is unavailable, and none waits for its
 * return.
 */
export interface LimitStore {
  /** The reason why the store is unavailable now. `undefined`: it is available. */
  readonly problem: string | undefined;
  /** Decides demands one after the other, each all or nothing. Charges come first and are never refused. */
  decide(demands: readonly Demand[], charges: readonly Charge[]): Promise<readonly LimitDecision[]>;
  giveBack(grant: TokenGrant): Promise<void>;
  /** Tells all instances that a credential is blocked, unless a longer block exists. */
  block(blocks: readonly Block[]): Promise<void>;
  /** Ends a probe. With `holdMs` above 0, no instance may probe for so long. */
  endProbe(probe: ProbeLease, holdMs: number): Promise<void>;
  /**
   * Agrees on the end of an outage: milliseconds until all instances count together again. The first caller sets the time to
   * `afterMs` from now. With 0 it only asks for the time that another instance has set.
   */
  handover(afterMs: number): Promise<number>;
  /** Replaces a connection that does not answer. */
  reconnect(): void;
  /** Calls the listener for blocks from other instances, and for those that existed before. */
  onBlock(listener: (block: Block) => void): void;
  /** Calls the listener after the state was lost. Shared facts then have to be written again. */
  onWiped(listener: () => void): void;
  close(): Promise<void>;
}
