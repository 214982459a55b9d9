import { z } from 'zod';

import { agentSchema, argumentsSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { keyIdSchema } from './identity.js';
import {
  policyContentSchema,
  policyEffectClassSchema,
  policyEffectSchema,
  policyRuleSchema,
} from './policy.js';

/** The request to create or change a policy. */
export const policyRequestSchema = policyContentSchema.extend({
  /**
   * The revision that the author has read. Another one refuses the change, and 0 refuses to change a policy that exists.
   * Absent: the policy is replaced, whatever it is.
   */
  revision: z.int().min(0).max(1_000_000_000).optional(),
});
export type PolicyRequest = z.infer<typeof policyRequestSchema>;

/** A policy as people see it. `published`: gateways and executors can know this revision. */
export const policyViewSchema = policyRuleSchema.extend({ published: z.boolean() });
export type PolicyView = z.infer<typeof policyViewSchema>;

/** The policies of a tenant, in the order in which they are tried. */
export const policyListSchema = z.object({ policies: z.array(policyViewSchema) });
export type PolicyList = z.infer<typeof policyListSchema>;

/** A call that nobody makes, for an explanation of its decision. */
export const policyQuestionSchema = z.strictObject({
  user_id: nameSchema,
  /** Absent: the key of the caller. */
  key_id: keyIdSchema.optional(),
  agent_id: agentSchema.shape.id.optional(),
  tool: toolSlugSchema,
  /** Absent: the effect class of the published tool. */
  effect_class: policyEffectClassSchema.optional(),
  arguments: argumentsSchema.optional(),
});
export type PolicyQuestion = z.infer<typeof policyQuestionSchema>;

/** The decision about a call, and every rule that selects it. The first rule decides. */
export const policyExplanationSchema = z.object({
  decision: policyEffectSchema,
  explained: z.string(),
  /** How long an approval may be given, in seconds. Only with `ask`. */
  expires_after_seconds: z.int().optional(),
  /** Absent: the arguments are too large to compare with all rules. */
  matching: z
    .array(policyRuleSchema.pick({ id: true, revision: true, decision: true, reason: true, match: true }))
    .optional(),
});
export type PolicyExplanation = z.infer<typeof policyExplanationSchema>;
