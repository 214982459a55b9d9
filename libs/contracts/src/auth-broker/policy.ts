import { z } from 'zod';

import { nameSchema, toolSlugSchema } from '../gateway/index.js';
import { keyIdSchema, tenantIdSchema } from './identity.js';

/** The name of a policy within its tenant. */
export const policyIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must match ^[a-z0-9][a-z0-9._-]{0,62}$');

/** `allow`: the call runs. `ask`: the call waits for the approval of a person. `deny`: the call ends as failed. */
export const policyEffectSchema = z.enum(['allow', 'ask', 'deny']);
export type PolicyEffect = z.infer<typeof policyEffectSchema>;

/** The effect classes of tools, as policies select them. */
export const policyEffectClassSchema = z.enum(['read', 'idempotent', 'keyed', 'probeable', 'opaque']);

/** The bounds of policies. */
export const policyLimits = {
  /** Policies of one tenant. */
  rules: 1_000,
  /** Argument conditions of one policy. */
  conditions: 20,
  /** Values in the list of one condition. */
  listedValues: 200,
  /** The JSON of the part that the author writes, in characters. */
  size: 16_384,
} as const;

/** RFC 6901. The length comes first, so the pattern runs over a short text. */
const pointerSchema = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'must be a JSON pointer (RFC 6901) into the arguments, such as /to');

const conditionText = z.string().min(1).max(1_000);
const conditionNumber = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const conditionScalar = z.union([conditionText, z.literal(''), conditionNumber, z.boolean(), z.null()], {
  error: 'must be a text, a number within ±(2^53-1), true, false or null',
});

/** A number, or the text of one that a double cannot hold. */
const conditionBound = z.union(
  [
    conditionNumber,
    z
      .string()
      .max(100)
      .regex(/^-?\d+(?:\.\d+)?$/),
  ],
  { error: 'must be a number, or a text with its digits such as "90071992547409931"' },
);

const place = {
  /** JSON pointer (RFC 6901) into the arguments. */
  pointer: pointerSchema,
  /**
   * The condition concerns the items of an array: each of at least one item, or any of them. A value that is no array
   * does not meet the condition. Absent: the condition concerns the value at the pointer itself.
   */
  items: z.enum(['every', 'any']).exactOptional(),
};

/**
 * A condition on the arguments of a call. Texts are compared exactly, with their case. A text never equals a number.
 * `not_equals`, `not_in` and `not_contains` are exact negations, so a missing value meets them.
 */
export const argumentConditionSchema = z.discriminatedUnion('op', [
  z.strictObject({ ...place, op: z.enum(['equals', 'not_equals']), value: conditionScalar }),
  z.strictObject({
    ...place,
    op: z.enum(['in', 'not_in']),
    value: z.array(conditionScalar).min(1).max(policyLimits.listedValues),
  }),
  z.strictObject({ ...place, op: z.enum(['starts_with', 'ends_with']), value: conditionText }),
  /** A part of a text, or an item of an array. */
  z.strictObject({ ...place, op: z.enum(['contains', 'not_contains']), value: conditionScalar }),
  /** Of a number, or of a text with the digits of one. */
  z.strictObject({ ...place, op: z.enum(['less_than', 'greater_than']), value: conditionBound }),
  /** `exists`: a value other than null is there. `absent`: no value is there, or null. */
  z.strictObject({ pointer: pointerSchema, op: z.enum(['exists', 'absent']) }),
]);
export type ArgumentCondition = z.infer<typeof argumentConditionSchema>;

/** Selects calls. A call matches if it meets every member that is set. Nothing set: every call of the tenant matches. */
export const policyMatchSchema = z.strictObject({
  key_id: keyIdSchema.exactOptional(),
  user_id: nameSchema.exactOptional(),
  agent_id: nameSchema.exactOptional(),
  /** A slug, or the beginning of slugs with a `*` at its end: `slack_*`. */
  tool: z
    .union([toolSlugSchema, z.string().regex(/^[a-z][a-z0-9_]{0,62}\*$/)], {
      error: 'must be a slug, or the beginning of one with a * at its end, such as slack_*',
    })
    .exactOptional(),
  effect_class: policyEffectClassSchema.exactOptional(),
  arguments: z.array(argumentConditionSchema).min(1).max(policyLimits.conditions).exactOptional(),
});
export type PolicyMatch = z.infer<typeof policyMatchSchema>;

/** The part of a policy that its author writes. */
export const policyContentSchema = z.strictObject({
  decision: policyEffectSchema,
  match: policyMatchSchema,
  /** Shown to the model and to the approver, so it says what to do instead. */
  reason: z.string().min(1).max(500),
  /**
   * How long an approval may be given, in seconds. Only with the decision `ask`.
   * @default 3600
   */
  expires_after_seconds: z.int().min(1).max(2_592_000).exactOptional(),
});
export type PolicyContent = z.infer<typeof policyContentSchema>;

/** One policy in force. */
export const policyRuleSchema = policyContentSchema.extend({
  id: policyIdSchema,
  tenant_id: tenantIdSchema,
  /** The holder of the key that wrote this revision. */
  created_by: nameSchema,
  /** The time of this revision. */
  at: z.iso.datetime(),
  /** Each change raises it. */
  revision: z.int().min(1),
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;
