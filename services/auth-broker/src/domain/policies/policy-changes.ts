import type { PolicyContent, PolicyRequest, PolicyRule } from '@action-mesh/contracts/auth-broker';
import { policyIdSchema, policyLimits, policyRequestSchema } from '@action-mesh/contracts/auth-broker';

import { IdentityConflictError, InvalidIdentityError } from '../auth-broker.errors.js';
import { isSameValue } from '../record-publication.js';
import { readRequest } from '../request.js';

/** What a caller wants a policy to be, and the revision that the caller has read. */
export interface WrittenPolicy {
  readonly content: PolicyContent;
  readonly readRevision: number | undefined;
}

/** Reads the request for a policy. Throws `InvalidIdentityError` with every problem. */
export function readPolicy(id: string, body: unknown): WrittenPolicy {
  if (!policyIdSchema.safeParse(id).success)
    throw new InvalidIdentityError([
      { pointer: '/id', message: 'must be 1 to 63 lower-case letters, digits, dots, hyphens or underscores' },
    ]);
  const { revision, ...content }: PolicyRequest = readRequest(policyRequestSchema, body);
  if (content.decision !== 'ask' && content.expires_after_seconds !== undefined)
    throw new InvalidIdentityError([
      { pointer: '/expires_after_seconds', message: 'is only for the decision ask' },
    ]);
  if (JSON.stringify(content).length > policyLimits.size)
    throw new InvalidIdentityError([
      {
        pointer: '',
        message: `must have at most ${policyLimits.size} characters as JSON; use several policies`,
      },
    ]);
  return { content, readRevision: revision };
}

/** Throws `IdentityConflictError` if the caller has read another revision. A missing policy has the revision 0. */
export function requireRevision(before: PolicyRule | undefined, readRevision: number | undefined): void {
  const revision = before?.revision ?? 0;
  if (readRevision === undefined || readRevision === revision) return;
  throw new IdentityConflictError(
    before === undefined
      ? `the policy does not exist, so it has no revision ${readRevision}; create it without a revision, or with the revision 0`
      : `the policy has the revision ${revision} and not ${readRevision}; read it again, and send the change with the revision ${revision}`,
  );
}

/** Whether a policy already says what its author writes. Such a change makes no new revision. */
export function hasContent(rule: PolicyRule, content: PolicyContent): boolean {
  const { id: _id, tenant_id: _tenant, created_by: _by, at: _at, revision: _revision, ...own } = rule;
  return isSameValue(own, content);
}
