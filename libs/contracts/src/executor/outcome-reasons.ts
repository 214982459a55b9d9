import { z } from 'zod';

import { digestSchema } from '../gateway/index.js';

/** Why a call did not succeed, for programs. New codes can appear; readers treat an unknown code as its category. */
export const outcomeErrorSchema = z.object({
  code: z.string(),
  /**
   * The party that has to act next: the caller, the provider, the network, the mesh, or a person who finds out the
   * effect.
   */
  category: z.enum(['request', 'provider', 'network', 'mesh', 'unknown_effect']),
  message: z.string(),
  fix: z.string().optional(),
  /** The first wrong places of the request, as RFC 6901 pointers. */
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  /** Another call of the same user with the same idempotency key. */
  conflicts_with: z.uuidv7().optional(),
});

/** The reason of a wait. Only `retry` follows an attempt; the other waits use up none. */
export const waitReasonSchema = z.enum([
  'retry',
  'retry_budget',
  'rate_limited',
  'provider_blocked',
  'circuit_open',
  'concurrency',
  'tenant_backlog',
  'tool_unknown',
  'file',
  'probe',
  'redrive',
  'switched_off',
  'awaiting_auth',
  'awaiting_approval',
  'token_unavailable',
]);

export const waitingSchema = z.object({
  reason: waitReasonSchema,
  /**
   * The mesh sends nothing before this moment. Absent: the call waits until a kill switch is lifted, until its user has
   * connected an account, or until a person has decided.
   */
  until: z.iso.datetime().optional(),
  /** The limit, breaker, kill switch or integration that causes the wait: `provider:slack`, `switch:<id>`, `integration:slack`. */
  scope: z.string().optional(),
  /** Only with `awaiting_auth`: where the user of the call connects the account, or repairs the connection. */
  connect_url: z.string().exactOptional(),
  /** Only with `awaiting_auth`: the scopes that the connection lacks for the tool. */
  missing_scopes: z.array(z.string()).exactOptional(),
  /** Only with `awaiting_approval`: the question for a person. */
  approval: z
    .object({
      id: z.uuid(),
      /** The policy that asks. Absent: the policy has no rule of its own. */
      rule: z.string().exactOptional(),
      reason: z.string(),
      /** Without a decision until this moment, the call fails. */
      expires_at: z.iso.datetime(),
      /** The digest of the content that a decision covers. A decision repeats it. */
      arguments_digest: digestSchema,
    })
    .exactOptional(),
});

export type WaitReason = z.infer<typeof waitReasonSchema>;
