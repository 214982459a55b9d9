import type {
  ApprovalRefused,
  ApprovalSummary,
  ApprovalView,
  DecideApproval,
} from '@action-mesh/contracts/executor';
import type { InternalCaller } from '@action-mesh/contracts';
import { defined } from '@action-mesh/kernel';

import type { Approvals } from '../approvals.port.js';
import type { ShowApproval } from './show-approval.js';

/** The result of a person's decision. */
export type DecidedApproval =
  | { readonly kind: 'done'; readonly view: ApprovalView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: ApprovalRefused };

/**
 * Takes the decision of a person about an approval.
 *
 * - DA1: the first decision counts, and no later one changes it.
 * - DA2: a decision names the digest of the content that it is about.
 * - DA3: the requester of a call never decides about it: the same key, or a token of the same user if a token asked.
 */
export class DecideOnApproval {
  readonly #approvals: Approvals;
  readonly #show: ShowApproval;

  constructor(approvals: Approvals, show: ShowApproval) {
    this.#approvals = approvals;
    this.#show = show;
  }

  async execute(
    caller: InternalCaller,
    id: string,
    decision: 'approved' | 'rejected',
    { arguments_digest: digest, note }: DecideApproval,
  ): Promise<DecidedApproval> {
    const { tenantId, holder } = caller;
    const found = await this.#approvals.find(tenantId, id);
    if (found === undefined) return { kind: 'unknown' };
    const { summary } = found;
    if (isOwn(caller, summary)) return refused('approval_own_request', ownRequest, summary);
    if (digest !== summary.arguments_digest) return refused('approval_digest_mismatch', otherDigest, summary);
    const isFirst = await this.#approvals.decide({
      tenantId,
      id,
      decision,
      by: holder,
      ...defined({ note }),
    });
    const view = await this.#show.execute(tenantId, id);
    if (view === undefined) return { kind: 'unknown' };
    return isFirst ? { kind: 'done', view } : refused('approval_decided', decidedBefore[view.status], view);
  }
}

/** DA3. A token asks without a key, and its holder is its user. */
function isOwn(
  { keyId, holder }: InternalCaller,
  { requested_by: by, user_id: userId }: ApprovalSummary,
): boolean {
  return by.key_id === undefined ? keyId === undefined && holder === userId : by.key_id === keyId;
}

function refused(code: ApprovalRefused['code'], message: string, about: ApprovalSummary): DecidedApproval {
  const { status, decision } = about;
  return { kind: 'refused', refusal: { code, message, status, ...defined({ decision }) } };
}

const ownRequest = 'the caller asked for this call itself, so another person has to decide about it';
const otherDigest =
  'the digest is not the one of this approval, so the decision may be about other arguments';
const decidedBefore = {
  pending: 'another decision came at the same moment',
  approved: 'the call was approved before',
  rejected: 'the call was rejected before',
  expired: 'the time of the approval is over, and the call has failed',
  closed: 'the call no longer needs the approval',
} as const;
