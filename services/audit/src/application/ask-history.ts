import type {
  AuditCheckpoint,
  AuditPage,
  AuditQuery,
  CallStory,
  RunQuery,
  RunStory,
  VerificationQuery,
  VerificationView,
} from '@action-mesh/contracts/audit';

import { tellStory } from '../domain/call-story.js';
import { genesisHash } from '../domain/chain-hash.js';
import type { HistoryReader } from './history-reader.port.js';
import type { VerifyChain } from './verify-chain.js';

interface AskHistoryParts {
  readonly reader: HistoryReader;
  readonly verifyChain: VerifyChain;
  /** The public key of audit, in base64url. */
  readonly publicKey: string;
}

/** Answers questions about the history of one tenant. */
export class AskHistory {
  readonly #parts: AskHistoryParts;

  constructor(parts: AskHistoryParts) {
    this.#parts = parts;
  }

  entries(tenantId: string, query: AuditQuery): Promise<AuditPage> {
    return this.#parts.reader.list(tenantId, query);
  }

  /** Undefined: the history has no entry of the call. */
  async story(tenantId: string, callId: string): Promise<CallStory | undefined> {
    return tellStory(await this.#parts.reader.ofCall(tenantId, callId));
  }

  /** Undefined: the history has no call of the run. */
  async run(tenantId: string, runId: string, query: RunQuery): Promise<RunStory | undefined> {
    const { calls, cursor } = await this.#parts.reader.ofRun(tenantId, runId, query);
    if (calls.length === 0 && query.cursor === undefined) return undefined;
    return {
      run_id: runId,
      calls: calls.flatMap(({ entries, duplicates }) => tellStory(entries, duplicates) ?? []),
      ...(cursor === undefined ? {} : { cursor }),
    };
  }

  async checkpoint(tenantId: string): Promise<AuditCheckpoint> {
    const end = await this.#parts.reader.end(tenantId);
    const begin = { seq: 0, hash: genesisHash(tenantId).toString('hex') };
    return { tenant_id: tenantId, ...(end ?? begin), public_key: this.#parts.publicKey };
  }

  async verify(tenantId: string, { after, limit }: VerificationQuery): Promise<VerificationView> {
    const verification = await this.#parts.verifyChain.run({ tenantId, after, limit });
    if (verification === undefined) return { intact: true, verified_from: 1, verified_to: 0, complete: true };
    const { from, to, complete, prunedTo, problem } = verification;
    return {
      intact: problem === undefined,
      verified_from: from,
      verified_to: to,
      complete,
      ...(prunedTo === undefined ? {} : { pruned_to: prunedTo }),
      ...(problem === undefined ? {} : { problem: { ...problem } }),
    };
  }
}
