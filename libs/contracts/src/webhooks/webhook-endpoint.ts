import { z } from 'zod';

import { outcomeStatusSchema } from '../executor/index.js';
import { callIdSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';

/** The bounds of outgoing webhooks. */
export const webhookLimits = {
  /** Endpoints of one tenant. */
  endpoints: 50,
  /** Values of one filter. */
  filterValues: 100,
  /** Deliveries that one request sends again. */
  redelivered: 10_000,
} as const;

const names = z.array(nameSchema).min(1).max(webhookLimits.filterValues);

/** Selects outcomes. An outcome is selected if it matches every filter that is set. */
export const webhookFilterSchema = z.strictObject({
  users: names.exactOptional(),
  agents: names.exactOptional(),
  /** Ids of runs. */
  runs: names.exactOptional(),
  /** Names of triggers, for the calls that they start. */
  triggers: names.exactOptional(),
  /** Slugs, or beginnings of slugs with a `*` at their end: `slack_*`. */
  tools: z
    .array(
      z.union([toolSlugSchema, z.string().regex(/^[a-z][a-z0-9_]{0,62}\*$/)], {
        error: 'must be a slug, or the beginning of one with a * at its end, such as slack_*',
      }),
    )
    .min(1)
    .max(webhookLimits.filterValues)
    .exactOptional(),
  statuses: z.array(outcomeStatusSchema).min(1).max(outcomeStatusSchema.options.length).exactOptional(),
});
export type WebhookFilter = z.infer<typeof webhookFilterSchema>;

/** The request to create or change an endpoint. */
export const webhookEndpointRequestSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2_000),
  description: z.string().min(1).max(500).exactOptional(),
  filter: webhookFilterSchema.exactOptional(),
});
export type WebhookEndpointRequest = z.infer<typeof webhookEndpointRequestSchema>;

/** Why the mesh stopped to deliver. `gone`: the endpoint answered 410. `failing`: nothing arrived for days. */
export const webhookDisabledReasonSchema = z.enum(['gone', 'failing']);

/** An endpoint as its administrators see it. It shows no secret. */
export const webhookEndpointViewSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string().optional(),
  filter: webhookFilterSchema,
  status: z.enum(['enabled', 'disabled']),
  disabled: z.object({ reason: webhookDisabledReasonSchema, at: z.iso.datetime() }).optional(),
  /** The first failure since the last delivery. */
  failing_since: z.iso.datetime().optional(),
  last_failure: z.string().optional(),
  last_delivered_at: z.iso.datetime().optional(),
  /** Until then, deliveries carry a signature by the former secret too. */
  former_secret_until: z.iso.datetime().optional(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type WebhookEndpointView = z.infer<typeof webhookEndpointViewSchema>;

/** The only answers that show a secret: those to the creation and to the rotation. */
export const webhookSecretViewSchema = webhookEndpointViewSchema.extend({ secret: z.string() });
export type WebhookSecretView = z.infer<typeof webhookSecretViewSchema>;

/** The request for another secret. */
export const webhookRotationSchema = z.strictObject({
  /**
   * How long the former secret signs too, in seconds.
   * @default 86400
   */
  overlap_seconds: z.int().min(0).max(604_800).optional(),
});

/**
 * `pending`: an attempt is due or under way. `failed`: every attempt failed. `skipped`: the endpoint was disabled. The
 * last two are sent again on request alone.
 */
export const webhookDeliveryStatusSchema = z.enum(['pending', 'delivered', 'failed', 'skipped']);
export type WebhookDeliveryStatus = z.infer<typeof webhookDeliveryStatusSchema>;

/** One delivery. Its id is the header `webhook-id` of all its attempts. */
export const webhookDeliveryViewSchema = z.object({
  id: z.uuid(),
  endpoint_id: z.uuid(),
  type: z.string(),
  call_id: z.uuid().optional(),
  status: webhookDeliveryStatusSchema,
  attempts: z.int(),
  next_attempt_at: z.iso.datetime().optional(),
  last_attempt_at: z.iso.datetime().optional(),
  /** The HTTP status of the last answer. */
  last_status_code: z.int().optional(),
  last_error: z.string().optional(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
});
export type WebhookDeliveryView = z.infer<typeof webhookDeliveryViewSchema>;

/** The query of a list of deliveries, the newest first. */
export const webhookDeliveryQuerySchema = z.strictObject({
  status: webhookDeliveryStatusSchema.optional(),
  call_id: callIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The `cursor` of the page before. */
  cursor: z.uuid().optional(),
});
export type WebhookDeliveryQuery = z.infer<typeof webhookDeliveryQuerySchema>;

/** A page of deliveries. Without `cursor`, it is the last one. */
export const webhookDeliveryPageSchema = z.object({
  deliveries: z.array(webhookDeliveryViewSchema),
  cursor: z.uuid().optional(),
});
export type WebhookDeliveryPage = z.infer<typeof webhookDeliveryPageSchema>;

/** The request to send the deliveries of a time again. */
export const webhookRedeliverySchema = z.strictObject({
  from: z.iso.datetime(),
  /** @default now */
  to: z.iso.datetime().optional(),
  /** @default failed and skipped */
  statuses: z
    .array(webhookDeliveryStatusSchema.exclude(['pending']))
    .min(1)
    .max(3)
    .optional(),
});
export type WebhookRedelivery = z.infer<typeof webhookRedeliverySchema>;

/** `has_more`: the time has more of them; the same request with `next_from` as its `from` sends the next ones. */
export const redeliveredWebhooksSchema = z.object({
  redelivered: z.int(),
  has_more: z.boolean(),
  next_from: z.iso.datetime().optional(),
});
export type RedeliveredWebhooks = z.infer<typeof redeliveredWebhooksSchema>;
