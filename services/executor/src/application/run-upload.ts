import { defined, type Clock } from '@action-mesh/kernel';
import type { ReferencedFile } from '@action-mesh/tools';

import { mayHaveActed, triedFile, withTried } from '../domain/attempt-history.js';
import type { Failure } from '../domain/attempt-evidence.js';
import { deadlineExceeded, retryOrDie, unknownEffect } from '../domain/attempt-verdict.js';
import type { Command } from '../domain/call.js';
import { isUnready, type CallCredential, type CallCredentials } from './call-credentials.js';
import { CallSession, type MoveOptions } from './call-session.js';
import type { CallRecords } from './administration/call-records.port.js';
import type { FileSlots } from './file-slots.js';
import { intentOf } from './intent.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import type { Loaded, LoadRequest } from './load-request.js';
import type { RunCall } from './run-call.js';
import type { RunReport } from './run-report.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

export interface UploadParts {
  readonly ledger: Pick<Ledger, 'advance' | 'release'>;
  readonly records: Pick<CallRecords, 'intended'>;
  readonly throttle: Throttle;
  readonly loadRequest: LoadRequest;
  readonly runCall: Pick<RunCall, 'resumed'>;
  readonly credentials: CallCredentials;
  readonly slots: FileSlots;
  readonly clock: Clock;
  readonly report: RunReport;
  /** A number in [0, 1) that spreads retries. @default Math.random */
  readonly random?: () => number;
}

/**
 * Runs a call that names files by URL or by an earlier result. Its request exists only while the files are in memory.
 *
 * - U1: all files are loaded before the intent is committed, so the digest covers the bytes that leave (I3).
 * - U2: a file that cannot be loaded sends nothing. The call waits and loads it again within the tool's attempts, or
 *   fails.
 * - U3: after a request that may have taken effect, only a request of the same bytes leaves. Other bytes under the same
 *   key, or to the same place, need a person.
 * - U4: the files of a bounded number of calls are in memory (I12).
 */
export class RunUpload {
  readonly #parts: UploadParts;

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  async execute(owned: OwnedCall, prepared: PreparedTool, files: readonly ReferencedFile[]): Promise<void> {
    const { runCall, slots, throttle } = this.#parts;
    const { state } = owned.state;
    if (state === 'DISPATCHING' || state === 'INDETERMINATE') {
      await runCall.resumed(owned, prepared, undefined);
      return;
    }
    if (this.#deadlineInMs(owned) <= 0) {
      await this.#end(owned, deadlineExceeded);
      return;
    }
    // A call that may not be sent now would load its files in vain.
    const credential = await this.#credentialOf(owned, prepared);
    if (credential === 'parked') return;
    const admission = await throttle.admit(owned, prepared, credential?.leased.connection_id);
    if (!admission.allowed) {
      await this.#move(owned, [{ type: 'throttle' }], throttle.parking(admission, state));
      return;
    }
    admission.permit.settle({ kind: 'not_sent', durationMs: 0 });
    const free = await slots.acquire(owned.call.tenant_id);
    try {
      await this.#loadAndRun(owned, prepared, files);
    } finally {
      free();
    }
  }

  /** The credential of the request. Without one, the call waits or ends. */
  async #credentialOf(
    owned: OwnedCall,
    prepared: PreparedTool,
  ): Promise<CallCredential | 'parked' | undefined> {
    const { credentials, throttle } = this.#parts;
    const { call, trace, connectionId: pinned, ageMs, told } = owned;
    const held = credentials.held(call, prepared, pinned);
    if (held !== 'cold') return held;
    const hold = throttle.hold(call, prepared, owned.state.state);
    if (hold !== undefined) {
      await this.#move(owned, [{ type: 'throttle' }], hold);
      return 'parked';
    }
    const acted = mayHaveActed(owned.tried);
    const standing = { pinned, mayHaveActed: acted, isUnsure: false, ageMs, ...defined({ told }) };
    const obtained = await credentials.obtain({ call, trace, prepared, ...standing });
    if (!isUnready(obtained)) return obtained;
    if (obtained.kind === 'failed') await this.#end(owned, obtained.failure);
    else await this.#move(owned, [{ type: obtained.command }], obtained.parking);
    return 'parked';
  }

  async #loadAndRun(
    owned: OwnedCall,
    prepared: PreparedTool,
    files: readonly ReferencedFile[],
  ): Promise<void> {
    const { runCall, loadRequest } = this.#parts;
    const { tool } = prepared;
    const leftMs = this.#deadlineInMs(owned);
    if (leftMs <= 0) {
      await this.#end(owned, deadlineExceeded);
      return;
    }
    const loaded = await loadRequest.execute(owned, prepared, files, Math.min(tool.timeout_ms, leftMs));
    if ('failure' in loaded) {
      // The next owner loads the files when this instance lost its right meanwhile.
      if (owned.instance.isLive()) await this.#notLoaded(owned, prepared, loaded);
      return;
    }
    if (await this.#isOther(owned, prepared, loaded.request)) await this.#end(owned, changed);
    else await runCall.resumed(owned, prepared, loaded.request);
  }

  /** Whether an earlier request may have taken effect, and this one has other bytes (U3). A read has no effect. */
  async #isOther(owned: OwnedCall, { tool }: PreparedTool, request: ProviderRequest): Promise<boolean> {
    if (tool.effect.class === 'read' || !mayHaveActed(owned.tried)) return false;
    const { tenant_id: tenantId, call_id: callId } = owned.call;
    const before = await this.#parts.records.intended(tenantId, callId);
    return before?.intent.digest.equals(intentOf(request, owned.providerKey).digest) !== true;
  }

  /** Handles files that could not be loaded (U2). */
  async #notLoaded(
    owned: OwnedCall,
    { tool: { retry } }: PreparedTool,
    { failure, mayPass }: Extract<Loaded, { failure: Failure }>,
  ): Promise<void> {
    if (!mayPass) {
      await this.#end(owned, failure);
      return;
    }
    const nowMs = this.#parts.clock.now();
    const entry = triedFile(owned.tried, owned.state.attempt, failure, nowMs);
    const tried = withTried(owned.tried, entry);
    const sinceBeginMs = nowMs - (owned.renewedAtMs ?? owned.receivedAtMs);
    const next = retryOrDie(
      {
        retry,
        attempt: entry.times,
        random: (this.#parts.random ?? Math.random)(),
        remainingMs: Math.min(this.#deadlineInMs(owned), (retry.deadline_ms ?? Infinity) - sinceBeginMs),
      },
      failure,
    );
    if (next.kind !== 'retry') {
      if (mayHaveActed(owned.tried)) await this.#end(owned, failure);
      else if (next.kind === 'die')
        await this.#move(owned, [{ type: 'die' }], {
          tried,
          ending: { status: 'dead', failure: next.failure },
        });
      return;
    }
    const waiting = { reason: 'file', until: new Date(nowMs + next.delayMs).toISOString() } as const;
    await this.#move(owned, [{ type: 'throttle' }], {
      tried,
      park: { delayMs: next.delayMs, reason: 'file' },
      ending: { status: 'waiting', failure, waiting },
    });
  }

  /** Ends the call as failed when nothing can have happened. The result does not answer later equal calls. */
  async #end(owned: OwnedCall, failure: Failure): Promise<void> {
    if (mayHaveActed(owned.tried)) {
      const ending = { status: 'needs_review', failure: unknownEffect(failure.message) } as const;
      await this.#move(owned, [{ type: 'askPerson' }], { ending });
      return;
    }
    const { attempt } = owned.state;
    const ending = { status: 'failed', failure } as const;
    await this.#move(owned, [{ type: 'fail', attempt }], { ending, validityMs: 0 });
  }

  async #move(owned: OwnedCall, commands: readonly Command[], options: MoveOptions): Promise<void> {
    const { ledger, report } = this.#parts;
    const moved = await new CallSession(owned, ledger).move(commands, options);
    if (!moved) report.fenced(owned.call.call_id, owned.trace);
    ledger.release(owned);
  }

  #deadlineInMs({ call }: OwnedCall): number {
    return call.deadline === undefined ? Infinity : Date.parse(call.deadline) - this.#parts.clock.now();
  }
}

const changed: Failure = {
  code: 'file_changed',
  category: 'request',
  message: 'a file of the call has other bytes than in the request that may have taken effect',
};
