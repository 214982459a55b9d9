import type { RefusedRecordPage, RefusedRecordQuery } from '@action-mesh/contracts/executor';

/** A record that the mesh did not take. */
export interface Refused {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly tenantId: string;
  readonly callId: string | undefined;
  readonly code: string;
  readonly message: string;
}

/** The list of refused records. It survives restarts and holds the newest of each tenant. */
export interface RefusedRecords {
  /** Lists a record. Repetitions are listed once. True: the ledger knows a call of this id. */
  add(refused: Refused): Promise<boolean>;
  page(tenantId: string, query: RefusedRecordQuery): Promise<RefusedRecordPage>;
}

export const RefusedRecords = Symbol('RefusedRecords');
