import type { ChainEnd } from '../domain/chain-record.js';
import type { VerifiableRecord } from '../domain/chain-verifier.js';
import type { PrunedMark } from './chain-store.port.js';

/** The chain of one tenant, read page by page while others append to it. */
export interface ExportSource {
  /** The newest mark of retention, if there is one. */
  mark(tenantId: string): Promise<PrunedMark | undefined>;
  /** The records after a place, in their order, at most `limit`. */
  after(tenantId: string, seq: number, limit: number): Promise<readonly VerifiableRecord[]>;
}

export type ExportAnchor = ChainEnd & Partial<Pick<PrunedMark, 'at' | 'signature'>>;
