import type { CallPreview, PreviewedLimit } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { AppliedLimit } from '@action-mesh/governor/port';
import { defined } from '@action-mesh/kernel';

import type { Failure } from '../domain/attempt-evidence.js';
import type { Ending } from '../domain/outcome.js';
import { providerKeyOf } from '../domain/provider-key.js';
import { isUnready, type CallCredential, type CallCredentials, type Unready } from './call-credentials.js';
import { decisionAbout, shownDecision, type DecidingPolicies } from './call-policies.js';
import { intentOf } from './intent.js';
import type { Intent } from './ledger.port.js';
import { withProviderKey } from './provider-request.js';
import type { RequestPreview } from './request-preview.port.js';
import { shownRequest } from './shown-request.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';
import { validityMsOf } from './validity.js';

/** The end of a call that is not live, and its record. */
export interface Rehearsal {
  readonly ending: Ending;
  /** Absent: the request needs files, which only a live call loads. */
  readonly intent?: Intent;
  readonly validityMs: number;
}

export interface RehearseCallParts {
  readonly throttle: Pick<Throttle, 'hold' | 'forecast'>;
  readonly credentials: CallCredentials;
  readonly preview: RequestPreview;
  readonly policies: DecidingPolicies;
}

/**
 * Ends a call of the mode `dry_run` or `shadow`. It builds the request of the call and decides as for a live one.
 *
 * - RH1: it sends nothing and takes nothing: no request, no file, no token of a limit, no slot.
 * - RH2: no credential is part of its result.
 */
export class RehearseCall {
  readonly #parts: RehearseCallParts;

  constructor(parts: RehearseCallParts) {
    this.#parts = parts;
  }

  /** `request`: the request of the call, or `files` when it needs files. */
  async execute(
    call: AcceptedCall,
    prepared: PreparedTool,
    request: ProviderRequest | 'files',
  ): Promise<Rehearsal> {
    const recorded = request === 'files' ? undefined : withKey(call, prepared, request);
    if (call.mode !== 'dry_run') {
      const intent = recorded === undefined ? undefined : intentOf(recorded, providerKeyOf(call));
      const shown = intent === undefined ? withoutFiles : { digest: hexOf(intent) };
      return {
        ending: { status: 'shadowed', preview: { request: shown } },
        ...defined({ intent }),
        validityMs: prepared.tool.validity_ms,
      };
    }
    const credential = await this.#credential(call, prepared);
    const leased = credential === undefined || isUnready(credential) ? undefined : credential.leased;
    const intent =
      recorded === undefined ? undefined : intentOf(recorded, providerKeyOf(call), leased?.connection_id);
    return {
      ending: {
        status: 'dry_run',
        preview: await this.#preview({ call, prepared, recorded, intent, credential }),
      },
      ...defined({ intent }),
      // A look at the present state is as fresh as a read.
      validityMs: call.idempotency_key === undefined ? 0 : validityMsOf(call, prepared.tool),
    };
  }

  #credential(call: AcceptedCall, prepared: PreparedTool): Promise<CallCredential | Unready | undefined> {
    const subject = { call, prepared, mayHaveActed: false, isUnsure: false, ageMs: 0 };
    return this.#parts.credentials.obtain(subject);
  }

  async #preview({ call, prepared, recorded, intent, credential }: Looked): Promise<CallPreview> {
    const { throttle, preview } = this.#parts;
    const { slug: provider } = prepared.tool.provider;
    const leased = credential === undefined || isUnready(credential) ? undefined : credential.leased;
    const digest = intent === undefined ? undefined : hexOf(intent);
    const previewed =
      recorded === undefined ? undefined : preview.masked(recorded, { provider, credential: leased });
    const request =
      previewed === undefined ? withoutFiles : { ...defined({ digest }), ...shownRequest(previewed.request) };
    const forecast = await throttle.forecast(call, prepared, leased?.connection_id);
    const hold = throttle.hold(call, prepared, 'RECEIVED');
    const limits = forecast.limits.map(shownLimit);
    if (hold !== undefined)
      limits.unshift({ kind: 'kill_switch', scope: hold.park.scope ?? '', holds: true });
    const connection = connectionOf(credential, previewed?.failure);
    const { waiting, error } = connection ?? {};
    const decision = decisionAbout(this.#parts.policies, call, prepared.tool);
    const policy = decision === undefined ? undefined : shownDecision(decision);
    const failure = decision?.decision === 'deny' ? 'policy_denied' : error?.code;
    const wait =
      hold?.park.reason ??
      (decision?.decision === 'ask' ? 'awaiting_approval' : undefined) ??
      waiting?.reason ??
      forecast.denial?.reason;
    return {
      request,
      would: failure !== undefined ? 'fail' : wait !== undefined ? 'wait' : 'send',
      ...defined({ reason: failure ?? wait, connection, policy }),
      limits,
    };
  }
}

interface Looked {
  readonly call: AcceptedCall;
  readonly prepared: PreparedTool;
  readonly recorded: ProviderRequest | undefined;
  readonly intent: Intent | undefined;
  readonly credential: CallCredential | Unready | undefined;
}

function withKey(call: AcceptedCall, { tool }: PreparedTool, request: ProviderRequest): ProviderRequest {
  return withProviderKey(request, tool, providerKeyOf(call));
}

function hexOf({ digest }: Intent): string {
  return digest.toString('hex');
}

function shownLimit({ untilMs, maxConcurrency, ...limit }: AppliedLimit): PreviewedLimit {
  const until = untilMs === undefined ? undefined : new Date(untilMs).toISOString();
  return { ...limit, ...defined({ until, max_concurrency: maxConcurrency }) };
}

function connectionOf(
  credential: CallCredential | Unready | undefined,
  refusal: Failure | undefined,
): CallPreview['connection'] {
  if (credential === undefined) return refusal === undefined ? undefined : { error: refusal };
  if (!isUnready(credential))
    return { connection_id: credential.leased.connection_id, ...defined({ error: refusal }) };
  if (credential.kind === 'failed') return { error: credential.failure };
  const { park, ending } = credential.parking;
  return { waiting: ending?.waiting ?? { reason: park.reason, ...defined({ scope: park.scope }) } };
}

const withoutFiles = {
  not_shown: 'the request needs files, and the mesh loads them only for a live call',
};
