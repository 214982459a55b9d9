import type { ChainEnd } from '../domain/chain-record.js';
import type { VerifiableRecord } from '../domain/chain-verifier.js';

/** Where a chain begins after retention: a signed mark. */
export interface PrunedMark extends ChainEnd {
  readonly at: string;
  readonly signature: Uint8Array;
}

/** A chain at one moment. */
export interface ChainView {
  /** The end that the head of the chain names. */
  readonly head: ChainEnd;
  /** The newest mark, if retention deleted entries. */
  readonly mark: PrunedMark | undefined;
  /** The hash of an entry, or undefined where there is none. */
  hashAt(seq: number): Promise<Uint8Array | undefined>;
  /** The records after a place, in their order, at most `limit`. */
  after(seq: number, limit: number): Promise<readonly VerifiableRecord[]>;
  /** The persons among these that an entry `person.erased` names. */
  erased(persons: readonly string[]): Promise<ReadonlySet<string>>;
}

/** The chains, to be read. */
export interface ChainStore {
  /** The tenants that have a chain, in the order of their names. */
  tenants(): Promise<readonly string[]>;
  /** Reads a chain as it was at one moment, while others append and delete. Undefined: the tenant has no chain. */
  view<Result>(tenantId: string, work: (chain: ChainView) => Promise<Result>): Promise<Result | undefined>;
}

export const ChainStore = Symbol('ChainStore');
