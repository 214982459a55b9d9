import { defined, MeshError } from '@action-mesh/kernel';
import { referencedFiles, type ReferencedFile } from '@action-mesh/tools';

import { mayHaveActed } from '../domain/attempt-history.js';
import type { Command } from '../domain/call.js';
import type { Failure } from '../domain/attempt-evidence.js';
import { CallSession } from './call-session.js';
import type { FairShare } from './fair-share.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import { withProviderKey } from './provider-request.js';
import type { GateAnswer, PolicyGate } from './policy-gate.js';
import type { RehearseCall } from './rehearse-call.js';
import type { RunCall } from './run-call.js';
import type { RunReport } from './run-report.js';
import type { RunUpload } from './run-upload.js';
import { shareKeyOf } from './share-key.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';
import { nextWaitForTool, unknownTool } from './unknown-tool.js';

/** `now`: its earlier wait cannot be repeated. `in_turn`: it can wait for its slot like any other. */
export type Turn = 'now' | 'in_turn';

export interface ResumeCallParts {
  readonly ledger: Ledger;
  readonly tools: Tools;
  readonly share: FairShare;
  readonly runCall: RunCall;
  readonly runUpload: Pick<RunUpload, 'execute'>;
  readonly rehearseCall: Pick<RehearseCall, 'execute'>;
  readonly policyGate: Pick<PolicyGate, 'resumed'>;
  readonly report: RunReport;
}

/** Continues a call from the ledger alone, after its owner died or its wait is over. */
export class ResumeCall {
  readonly #parts: ResumeCallParts;

  constructor(parts: ResumeCallParts) {
    this.#parts = parts;
  }

  /** Runs it in a slot of its tenant's share, at once or in turn. Never rejects. */
  async execute(owned: OwnedCall, turn: Turn): Promise<void> {
    const found = this.#find(owned);
    const provider = 'prepared' in found ? found.prepared.tool.provider.slug : owned.call.tool.slug;
    const key = shareKeyOf(owned.call, provider);
    if (turn === 'now') this.#parts.share.force(key);
    else await this.#parts.share.join(key);
    try {
      if ('prepared' in found && owned.call.mode !== 'live') await this.#rehearse(owned, found);
      else if ('prepared' in found) await this.#run(owned, found);
      else await this.#settleWithoutRequest(owned, found.failure);
    } catch (error) {
      this.#parts.report.broken(owned.call.call_id, error, owned.trace);
    } finally {
      this.#parts.share.release(key);
    }
  }

  #find(owned: OwnedCall): Found {
    const { arguments: args } = owned.call;
    try {
      const prepared = this.#parts.tools.of(owned.call);
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

  async #run(owned: OwnedCall, found: Extract<Found, { prepared: PreparedTool }>): Promise<void> {
    const { policyGate, runUpload, runCall } = this.#parts;
    const gate = await policyGate.resumed(owned, found.prepared);
    const judged = gate.policy === undefined ? owned : { ...owned, policy: gate.policy };
    if (gate.kind !== 'open') await this.#stop(judged, gate);
    else if ('files' in found) await runUpload.execute(judged, found.prepared, found.files);
    else await runCall.resumed(judged, found.prepared, found.request);
  }

  /** Ends a call that a policy or a person does not allow, or lets it wait for its approval. */
  async #stop(owned: OwnedCall, gate: Exclude<GateAnswer, { kind: 'open' }>): Promise<void> {
    const session = new CallSession(owned, this.#parts.ledger);
    const moved =
      gate.kind === 'asks'
        ? await session.move([{ type: 'awaitApproval' }], gate.parking)
        : await session.move([{ type: 'fail', attempt: owned.state.attempt }], {
            ending: { status: 'failed', failure: gate.failure },
            ...defined({ validityMs: gate.validityMs }),
          });
    if (!moved) this.#parts.report.fenced(owned.call.call_id, owned.trace);
    this.#parts.ledger.release(owned);
  }

  /** Ends a call that is not live and had to wait for its tool. */
  async #rehearse(owned: OwnedCall, found: Extract<Found, { prepared: PreparedTool }>): Promise<void> {
    const { prepared } = found;
    const { ending, ...record } = await this.#parts.rehearseCall.execute(
      owned.call,
      prepared,
      'files' in found ? 'files' : prepared.buildRequest(owned.call.arguments),
    );
    const session = new CallSession(owned, this.#parts.ledger);
    if (!(await session.move([{ type: 'rehearse' }], { ending, ...record })))
      this.#parts.report.fenced(owned.call.call_id, owned.trace);
    this.#parts.ledger.release(owned);
  }

  /**
   * Settles a call without its tool. Only the tool tells whether a repeat is safe. A call without a sent request waits
   * for its tool to be published, within its patience.
   */
  async #settleWithoutRequest(owned: OwnedCall, failure: Failure): Promise<void> {
    const session = new CallSession(owned, this.#parts.ledger);
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
    if (!moved) this.#parts.report.fenced(owned.call.call_id, owned.trace);
    this.#parts.ledger.release(owned);
  }
}

type Found =
  | { readonly prepared: PreparedTool; readonly request: ProviderRequest }
  | { readonly prepared: PreparedTool; readonly files: readonly ReferencedFile[] }
  | { readonly failure: Failure };
