import type { PolicyVerdict } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined, newId, type Clock } from '@action-mesh/kernel';
import type { PolicyDecision } from '@action-mesh/policies';

import type { Failure } from '../domain/attempt-evidence.js';
import { deadlineExceeded } from '../domain/attempt-verdict.js';
import { mayHaveActed } from '../domain/attempt-history.js';
import type { ApprovalAbout, Approvals, KnownApproval } from './approvals.port.js';
import { deadlineInMs } from './attempt-situation.js';
import { decisionAbout, shownDecision, type DecidingPolicies } from './call-policies.js';
import type { AskedApproval, OwnedCall } from './ledger.port.js';
import type { Parking } from './parking.js';
import type { PreparedTool } from './tools.port.js';

/** The way on for a call before its first request. */
export type GateAnswer =
  /** The call may go on. Without `policy`, its tenant has no policies. */
  | { readonly kind: 'open'; readonly policy?: PolicyVerdict }
  /** The call waits for a person. */
  | { readonly kind: 'asks'; readonly parking: Parking; readonly policy: PolicyVerdict }
  /** `validityMs`: how long the end answers later equal calls. Absent: as long as the tool says. */
  | {
      readonly kind: 'ends';
      readonly failure: Failure;
      readonly validityMs?: number;
      readonly policy?: PolicyVerdict;
    };

export interface PolicyGateParts {
  readonly policies: DecidingPolicies;
  readonly approvals: Pick<Approvals, 'ofCall'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The shortest wait until the end of an approval, milliseconds. The clock of the ledger decides about the end. */
const shortestWaitMs = 50;

/**
 * Compares a live call with the policies of its tenant, at its record and each time it wakes, until a request may have
 * taken effect. A redrive begins a new life.
 *
 * - PG1: no first request leaves while a policy denies the call, or asks and nobody has approved it. Nor does a retry that
 *   waited in the ledger, as long as no request may have taken effect.
 * - PG2: an approval covers one life of one call, whichever rule asks, until its time is over.
 * - PG3: a rejection ends the call, even when the rule is gone.
 */
export class PolicyGate {
  readonly #parts: PolicyGateParts;

  constructor(parts: PolicyGateParts) {
    this.#parts = parts;
  }

  /** For a call that is not in the ledger yet. */
  first(call: AcceptedCall, prepared: PreparedTool): GateAnswer {
    const decision = decisionAbout(this.#parts.policies, call, prepared.tool);
    if (decision === undefined) return { kind: 'open' };
    return decision.decision === 'ask' ? this.#asks(call, decision) : withoutPerson(decision);
  }

  /** For a call from the ledger. After a request that may have taken effect, the policies no longer count. */
  async resumed(owned: OwnedCall, prepared: PreparedTool): Promise<GateAnswer> {
    const { call, state } = owned;
    if (mayHaveEffect(owned)) return { kind: 'open' };
    const decision = decisionAbout(this.#parts.policies, call, prepared.tool);
    if (state.state !== 'AWAITING_APPROVAL' && decision?.decision !== 'ask')
      return decision === undefined ? { kind: 'open' } : withoutPerson(decision);
    const known = await this.#parts.approvals.ofCall(call, state.redrives);
    if (known?.status === 'rejected') {
      const policy = decision === undefined ? undefined : withApproval(shownDecision(decision), known);
      return { kind: 'ends', failure: rejected(known), ...defined({ policy }) };
    }
    if (decision === undefined) return { kind: 'open' };
    if (decision.decision !== 'ask') return withoutPerson(decision);
    const shown = shownDecision(decision);
    if (known?.status === 'approved' && !known.isOver)
      return { kind: 'open', policy: withApproval(shown, known) };
    if (known?.status === 'pending' && state.state === 'AWAITING_APPROVAL')
      return this.#stillAsks(call, known, shown);
    return this.#asks(call, decision);
  }

  /** A call that wakes before anybody has decided. */
  #stillAsks(call: AcceptedCall, known: KnownApproval, policy: PolicyVerdict): GateAnswer {
    if (known.isOver) return { kind: 'ends', failure: expired, validityMs: 0, policy };
    const untilDeadlineMs = deadlineInMs(call, this.#parts.clock.now());
    if (untilDeadlineMs <= 0) return { kind: 'ends', failure: deadlineExceeded, validityMs: 0, policy };
    const delayMs = Math.max(shortestWaitMs, Math.min(known.leftMs, untilDeadlineMs));
    const park = { delayMs, reason: 'awaiting_approval', scope: scopeOf(policy) } as const;
    const approval = { shown: shownApproval(known.id, known.about, known.expiresAt) };
    return { kind: 'asks', policy, parking: { park: { ...park, approval } } };
  }

  #asks(call: AcceptedCall, decision: PolicyDecision): GateAnswer {
    const nowMs = this.#parts.clock.now();
    const policy = shownDecision(decision);
    const { rule, explained, expiresAfterMs = defaultExpiryMs } = decision;
    const reason = rule?.reason ?? explained;
    const expiresAt = new Date(nowMs + expiresAfterMs).toISOString();
    const about: ApprovalAbout = {
      ...defined({ rule, key_id: call.key_id, agent: call.agent }),
      reason,
      digest: call.content_hash,
    };
    const shown = shownApproval(newId(), about, expiresAt);
    const approval: AskedApproval = { shown, about: JSON.stringify(about) };
    const scope = scopeOf(policy);
    const waitReason = 'awaiting_approval';
    return {
      kind: 'asks',
      policy,
      parking: {
        park: {
          delayMs: Math.max(shortestWaitMs, Math.min(expiresAfterMs, deadlineInMs(call, nowMs))),
          reason: waitReason,
          scope,
          approval,
        },
        ending: { status: 'waiting', waiting: { reason: waitReason, scope, approval: shown } },
      },
    };
  }
}

/** Whether this life of the call has a request that may have taken effect. An end would leave the effect unknown. */
function mayHaveEffect({ state: { state, attempt, attemptsBefore }, tried }: OwnedCall): boolean {
  if (state === 'INDETERMINATE' || state === 'DISPATCHING') return true;
  return attempt > attemptsBefore && mayHaveActed(tried);
}

/** The question in the form of outcomes. */
function shownApproval(id: string, about: ApprovalAbout, expiresAt: string): AskedApproval['shown'] {
  const { rule, reason, digest } = about;
  return {
    id,
    ...defined({ rule: rule?.id }),
    reason,
    expires_at: expiresAt,
    arguments_digest: digest,
  };
}

const defaultExpiryMs = 3_600_000;

/** The scope of calls that a policy asks about. */
function scopeOf({ rule }: PolicyVerdict): string {
  return `policy:${rule?.id ?? '-'}`;
}

/** The decision of the policies, with the one of the person. */
function withApproval(policy: PolicyVerdict, { id, decidedBy: by }: KnownApproval): PolicyVerdict {
  return by === undefined ? policy : { ...policy, approval: { id, by } };
}

function withoutPerson(decision: PolicyDecision): GateAnswer {
  const policy = shownDecision(decision);
  if (decision.decision === 'allow') return { kind: 'open', policy };
  const message = decision.rule?.reason ?? decision.explained;
  const failure: Failure = {
    code: 'policy_denied',
    category: 'request',
    message: `A policy of the tenant denies this call: ${message}`,
    fix: 'Do not send this call again unchanged. Use another tool or other arguments, or ask the user to have an administrator change the policy.',
  };
  return { kind: 'ends', failure, validityMs: 0, policy };
}

function rejected({ decidedBy, note }: KnownApproval): Failure {
  const reason = note === undefined || note === '' ? 'no reason was given' : note;
  return {
    code: 'approval_rejected',
    category: 'request',
    message: `A person (${decidedBy ?? 'unknown'}) rejected this call: ${reason}`,
    fix: 'Do not send this call again. Follow the reason of the person, or ask the user how to continue.',
  };
}

const expired: Failure = {
  code: 'approval_expired',
  category: 'request',
  message: 'Nobody approved this call in time, so it was not sent.',
  fix: 'Tell the user that the call needs an approval. Send it again only when somebody is there to approve it.',
};
