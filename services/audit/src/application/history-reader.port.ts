import type {
  AuditCheckpoint,
  AuditEntry,
  AuditPage,
  AuditQuery,
  RunQuery,
} from '@action-mesh/contracts/audit';

/** The end of a chain with its signature. */
export type SignedEnd = Pick<AuditCheckpoint, 'seq' | 'hash' | 'signature'>;

/** A call of a run. */
export interface CallEntries {
  readonly entries: readonly AuditEntry[];
  /** The calls of the run that were duplicates of this one. */
  readonly duplicates: number;
}

/** The entries of a page of a run, by call, in the order in which the calls began. */
export interface RunEntries {
  readonly calls: readonly CallEntries[];
  readonly cursor?: string;
}

/** The history of one tenant, to be asked. */
export interface HistoryReader {
  list(tenantId: string, query: AuditQuery): Promise<AuditPage>;
  /** The entries of a call, at most the first thousand. */
  ofCall(tenantId: string, callId: string): Promise<readonly AuditEntry[]>;
  ofRun(tenantId: string, runId: string, query: RunQuery): Promise<RunEntries>;
  /** The end of the chain. Undefined: the tenant has no chain. */
  end(tenantId: string): Promise<SignedEnd | undefined>;
}

export const HistoryReader = Symbol('HistoryReader');
