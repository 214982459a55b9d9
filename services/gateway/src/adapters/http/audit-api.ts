import {
  auditCheckpointSchema,
  auditPageSchema,
  callStorySchema,
  erasureViewSchema,
  runStorySchema,
  verificationViewSchema,
  type AuditCheckpoint,
  type AuditPage,
  type AuditQuery,
  type CallStory,
  type ErasureView,
  type ExportQuery,
  type RunQuery,
  type RunStory,
  type VerificationQuery,
  type VerificationView,
} from '@action-mesh/contracts/audit';
import type { Principal } from '@action-mesh/identity';
import type { z } from 'zod';

import type { AuditClient, ExportedHistory } from '../../application/audit-client.port.js';
import { InternalApi, unexpected, type InternalAnswer, type ServiceAddress } from './internal-api.js';

/** A filtered page, and a part of a chain that is verified, read thousands of entries. */
const timeoutMs = 30_000;

/** The history, over the internal API of audit. */
export class AuditApi implements AuditClient {
  readonly #api: InternalApi;

  constructor(audit: ServiceAddress, stop: AbortSignal) {
    this.#api = new InternalApi({
      ...audit,
      timeoutMs,
      stop,
      unavailable: 'Audit, which keeps the history, cannot be reached now. Calls do not depend on it.',
      fix: 'Look for an entry person.erased in GET /v1/audit/entries before you send it again.',
    });
  }

  entries(caller: Principal, query: AuditQuery): Promise<AuditPage> {
    return this.#api.ask({ caller, method: 'GET', path: ['entries'], query }, reading(auditPageSchema));
  }

  story(caller: Principal, callId: string): Promise<CallStory | undefined> {
    return this.#api.ask({ caller, method: 'GET', path: ['calls', callId, 'story'] }, found(callStorySchema));
  }

  run(caller: Principal, runId: string, query: RunQuery): Promise<RunStory | undefined> {
    return this.#api.ask({ caller, method: 'GET', path: ['runs', runId], query }, found(runStorySchema));
  }

  checkpoint(caller: Principal): Promise<AuditCheckpoint> {
    return this.#api.ask({ caller, method: 'GET', path: ['checkpoint'] }, reading(auditCheckpointSchema));
  }

  verify(caller: Principal, query: VerificationQuery): Promise<VerificationView> {
    return this.#api.ask(
      { caller, method: 'GET', path: ['verification'], query },
      reading(verificationViewSchema),
    );
  }

  async export(caller: Principal, query: ExportQuery): Promise<ExportedHistory> {
    return this.#api.open({ caller, method: 'GET', path: ['export'], query });
  }

  erase(caller: Principal, userId: string): Promise<ErasureView> {
    return this.#api.ask({ caller, method: 'DELETE', path: ['users', userId] }, reading(erasureViewSchema));
  }
}

function reading<Schema extends z.ZodType>(schema: Schema) {
  return (answer: InternalAnswer): z.output<Schema> =>
    answer.status === 200 ? schema.parse(answer.body) : unexpected(answer);
}

function found<Schema extends z.ZodType>(schema: Schema) {
  return (answer: InternalAnswer): z.output<Schema> | undefined =>
    answer.status === 404 ? undefined : reading(schema)(answer);
}
