import type {
  AuditCheckpoint,
  AuditPage,
  AuditQuery,
  CallStory,
  ErasureView,
  ExportQuery,
  RunQuery,
  RunStory,
  VerificationQuery,
  VerificationView,
} from '@action-mesh/contracts/audit';
import type { Principal } from '@action-mesh/identity';

/** A file that arrives while it is read. */
export interface ExportedHistory {
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The history that audit keeps. Rejects with `MeshUnavailableError` when audit cannot be reached. */
export interface AuditClient {
  entries(caller: Principal, query: AuditQuery): Promise<AuditPage>;
  story(caller: Principal, callId: string): Promise<CallStory | undefined>;
  run(caller: Principal, runId: string, query: RunQuery): Promise<RunStory | undefined>;
  checkpoint(caller: Principal): Promise<AuditCheckpoint>;
  verify(caller: Principal, query: VerificationQuery): Promise<VerificationView>;
  export(caller: Principal, query: ExportQuery): Promise<ExportedHistory>;
  erase(caller: Principal, userId: string): Promise<ErasureView>;
}

export const AuditClient = Symbol('AuditClient');
