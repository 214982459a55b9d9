import type { RefusedRecordPage, RefusedRecordQuery } from '@action-mesh/contracts/executor';

/** A record that the mesh did not take. */
export interface Refused {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Undefined: the record proves no tenant. */
  readonly tenantId: string | undefined;
  readonly callId: string | undefined;
  readonly code: string;
  readonly message: string;
}

/** The reader of a list of refused records. */
export interface RefusedRecordReader {
  readonly tenantId: string;
  /** Whether the reader also sees the records without a tenant. */
  readonly seesUnproved: boolean;
}

/** The list of refused records. It survives restarts and holds the newest of each tenant. */
export interface RefusedRecords {
  /**
   * Lists a record. Repetitions are listed once. True: the ledger knows a call of this id and tenant. For a record without
   * a tenant, a call of any tenant counts.
   */
  add(refused: Refused): Promise<boolean>;
  page(reader: RefusedRecordReader, query: RefusedRecordQuery): Promise<RefusedRecordPage>;
}

export const RefusedRecords = Symbol('RefusedRecords');
