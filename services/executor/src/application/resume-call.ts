import { MeshError } from '@action-mesh/kernel';
import { referencedFiles, type ReferencedFile } from '@action-mesh/tools';

import { mayHaveActed } from '../domain/attempt-history.js';
import type { Command } from '../domain/call.js';
import type { Failure } from '../domain/attempt-evidence.js';
import { CallSession } from './call-session.js';
import type { FairShare } from './fair-share.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import { withProviderKey } from './provider-request.js';
import type { RunCall, RunReport } from './run-call.js';
import type { RunUpload } from './run-upload.js';
import { shareKeyOf } from './share-key.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';
import { nextWaitForTool, unknownTool } from './unknown-tool.js';

/** `now`: its earlier wait cannot be repeated. `in_turn`: it can wait for its slot like any other. */
export type Turn = 'now' | 'in_turn';

/** Continues a call from the ledger alone, after its owner died or its wait is over. */
export class ResumeCall {
  readonly #ledger: Ledger;
  readonly #tools: Tools;
  readonly #share: FairShare;
  readonly #runCall: RunCall;
  readonly #runUpload: Pick<RunUpload, 'execute'>;
  readonly #report: RunReport;

  constructor(
    ledger: Ledger,
    tools: Tools,
    share: FairShare,
    runCall: RunCall,
    runUpload: Pick<RunUpload, 'execute'>,
    report: RunReport,
  ) {
    this.#ledger = ledger;
    this.#tools = tools;
    this.#share = share;
    this.#runCall = runCall;
    this.#runUpload = runUpload;
    this.#report = report;
  }

  /** Runs it in a slot of its tenant's share, at once or in turn. Never rejects. */
  async execute(owned: OwnedCall, turn: Turn): Promise<void> {
    const found = this.#find(owned);
    const provider = 'prepared' in found ? found.prepared.tool.provider.slug : owned.call.tool.slug;
    const key = shareKeyOf(owned.call, provider);
    if (turn === 'now') this.#share.force(key);
    else await this.#share.join(key);
    try {
      if ('files' in found) await this.#runUpload.execute(owned, found.prepared, found.files);
      else if ('prepared' in found) await this.#runCall.resumed(owned, found.prepared, found.request);
      else await this.#settleWithoutRequest(owned, found.failure);
    } catch (error) {
      this.#report.broken(owned.call.call_id, error);
    } finally {
      this.#share.release(key);
    }
  }

  #find(owned: OwnedCall): Found {
    const { tool, arguments: args } = owned.call;
    try {
      const prepared = this.#tools.get(tool.slug, tool.version);
      if (prepared === undefined) return { failure: unknownTool(owned.call) };
      const files = referencedFiles(prepared.tool, args);
      if (files.length > 0) return { prepared, files };
      const request = withProviderKey(prepared.buildRequest(args), prepared.tool, owned.providerKey);
      return { prepared, request };
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return { failure: { code: 'request_unbuildable', category: 'request', message: error.message } };
    }
  }

  /**
   * Settles a call without its tool. Only the tool tells whether a repeat is safe. A call without a sent request waits
   * for its tool to be published, within its patience.
   */
  async #settleWithoutRequest(owned: OwnedCall, failure: Failure): Promise<void> {
    const session = new CallSession(owned, this.#ledger);
    const { state, attempt } = owned.state;
    const underWay = state === 'DISPATCHING' || state === 'INDETERMINATE';
    const lost: Command[] = state === 'DISPATCHING' ? [{ type: 'loseTrack' }] : [];
    const park =
      failure.code === 'tool_not_found' && !underWay ? nextWaitForTool(owned.call, owned.ageMs) : undefined;
    let moved: boolean;
    if (park !== undefined) {
      moved = await session.move([{ type: 'throttle' }], { park });
    } else if (underWay || mayHaveActed(owned.tried)) {
      const unknown: Failure = { ...failure, category: 'unknown_effect' };
      moved = await session.move([...lost, { type: 'askPerson' }], {
        ending: { status: 'needs_review', failure: unknown },
      });
    } else {
      moved = await session.move([{ type: 'fail', attempt }], {
        ending: { status: 'failed', failure },
        validityMs: 0,
      });
    }
    if (!moved) this.#report.fenced(owned.call.call_id);
    this.#ledger.release(owned);
  }
}

type Found =
  | { readonly prepared: PreparedTool; readonly request: ProviderRequest }
  | { readonly prepared: PreparedTool; readonly files: readonly ReferencedFile[] }
  | { readonly failure: Failure };
