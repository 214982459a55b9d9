import type { ApprovalRefused } from '@action-mesh/contracts/executor';

import { RequestRefusedError } from './gateway.errors.js';

/** The fix for each refusal of a decision. */
const fixes: Readonly<Record<ApprovalRefused['code'], string>> = {
  approval_decided: 'Look at the approval with GET /v1/approvals/{id}. Nothing has changed.',
  approval_own_request: 'Let another person decide, with a key or a token of their own.',
  approval_digest_mismatch:
    'Look at the arguments with GET /v1/approvals/{id}, and send the arguments_digest of that answer.',
};

/** The refusal of a decision. For a second decision, it tells of the first one. */
export function approvalRefused({ code, message, decision }: ApprovalRefused): RequestRefusedError {
  const first =
    code === 'approval_decided' && decision !== undefined ? ` ${decision.by} decided at ${decision.at}.` : '';
  return new RequestRefusedError(
    code,
    `${message.charAt(0).toUpperCase()}${message.slice(1)}.${first}`,
    fixes[code],
    decision === undefined ? {} : { decision },
  );
}

/** The refusal of an unknown approval. */
export function approvalNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'approval_not_found',
    'The mesh knows no approval with this id.',
    'GET /v1/approvals lists the approvals that wait for a decision.',
  );
}
