import { z } from 'zod';

import { tenantIdSchema } from '../auth-broker/identity.js';
import { agentSchema, nameSchema, toolSelectorSchema, toolSlugSchema } from '../gateway/call.js';
import { triggerSchemeSchema, triggerSlugSchema } from '../gateway/trigger-fired.v1.js';

/** The most calls that one delivery may start. */
export const mostCallsOfDelivery = 100;

/** The name of an HTTP header, in lower case. */
const headerNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be the name of a header, in lower case');

/** A header whose value a trigger passes on. Credentials and signatures are never passed on. */
const passedHeaderSchema = headerNameSchema.refine(
  (name) => !/authorization|cookie|signature|hmac|api-key|secret|token/.test(name),
  'may carry a credential or a signature, so it is not passed on',
);

/** The parts of a request that a generic signature covers, joined without separators. */
const signedPartSchema = z.union(
  [
    z.strictObject({ text: z.string().min(1).max(20) }),
    z.enum(['body', 'timestamp', 'id', 'method', 'url', 'path']),
  ],
  { error: 'must be body, timestamp, id, method, url, path or {"text": "…"}' },
);

/** The form of a signature that no scheme of a vendor has. */
export const hmacFormSchema = z
  .strictObject({
    header: headerNameSchema,
    /** @default `sha256` */
    algorithm: z.enum(['sha256', 'sha512']).exactOptional(),
    /** @default `hex` */
    encoding: z.enum(['hex', 'base64']).exactOptional(),
    /** A text before the signature, such as `sha256=`. */
    prefix: z.string().max(20).exactOptional(),
    /** A header with the time of the request: Unix time in seconds or milliseconds, or RFC 3339. */
    timestamp_header: headerNameSchema.exactOptional(),
    /** A header with an id that repetitions of a delivery share. */
    id_header: headerNameSchema.exactOptional(),
    /** @default `["body"]` */
    signed: z.array(signedPartSchema).min(1).max(12).exactOptional(),
  })
  .check(({ value, issues }) => {
    const { signed = ['body'] } = value;
    const refuse = (path: string, message: string): void => {
      issues.push({ code: 'custom', path: [path], message, input: undefined });
    };
    if (!signed.includes('body')) refuse('signed', 'must contain body');
    if (value.timestamp_header !== undefined && !signed.includes('timestamp'))
      refuse('signed', 'must contain timestamp, since an unsigned time proves nothing');
    if (signed.includes('timestamp') && value.timestamp_header === undefined)
      refuse('timestamp_header', 'is required, since the signature covers the timestamp');
    if (signed.includes('id') && value.id_header === undefined)
      refuse('id_header', 'is required, since the signature covers the id');
  });
export type HmacForm = z.infer<typeof hmacFormSchema>;

/** A JSONata expression. */
const expressionSchema = z.string().min(1).max(5_000);

/** One entry of a mapping: a call, or one call for each item of a list. */
export const mappedCallSchema = z.strictObject({
  /** The entry applies when the result is `true`. Absent: always. */
  when: expressionSchema.exactOptional(),
  /** A list. Each item gives one call, and expressions see it as `$item`. */
  for_each: expressionSchema.exactOptional(),
  tool: toolSlugSchema,
  version: toolSelectorSchema.exactOptional(),
  arguments: expressionSchema,
  /** The user of the call. Absent: the user of the trigger. */
  user_id: expressionSchema.exactOptional(),
  agent: agentSchema.pick({ id: true, session_id: true, thought: true, prompt: true }).exactOptional(),
});
export type MappedCall = z.infer<typeof mappedCallSchema>;

/** The times at which a trigger fires by itself. */
export const scheduleSchema = z.strictObject({
  /** Five fields, or six with seconds first. */
  cron: z.string().min(1).max(200),
  /** A name of the IANA time zone database. */
  time_zone: z.string().min(1).max(64),
  /** The payload of each firing. @default an empty object */
  payload: z.record(z.string(), z.json()).exactOptional(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

const settings = {
  scheme: triggerSchemeSchema,
  /**
   * The most seconds between the time of a request and now, for schemes that sign a time.
   * @default 300
   */
  tolerance_seconds: z.int().min(1).max(86_400).exactOptional(),
  /** The form of the signature. Required for the scheme `hmac`, and for no other one. */
  hmac: hmacFormSchema.exactOptional(),
  /** Headers that the record of the event keeps, beside those of the scheme. */
  headers: z.array(passedHeaderSchema).max(20).exactOptional(),
  /** The user for whom calls run. */
  user_id: nameSchema.exactOptional(),
  calls: z.array(mappedCallSchema).min(1).max(20).exactOptional(),
  schedule: scheduleSchema.exactOptional(),
  /** For people: what the trigger is for. */
  note: z.string().max(200).exactOptional(),
};

/** A secret that another system signs with. */
export const triggerSecretSchema = z.string().min(16, 'must have 16 characters or more').max(500);

/** The settings of a trigger, as its tenant writes them. */
export const triggerRequestSchema = z
  .strictObject({
    ...settings,
    /** The secrets that sign requests. They replace the former ones. Absent: the former ones stay. */
    secrets: z.array(triggerSecretSchema).min(1).max(5).exactOptional(),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string | (string | number)[], message: string): void => {
      issues.push({ code: 'custom', path: [path].flat(), message, input: undefined });
    };
    if ((value.scheme === 'hmac') !== (value.hmac !== undefined))
      refuse('hmac', value.scheme === 'hmac' ? 'is required for the scheme hmac' : 'is for the scheme hmac');
    if (value.scheme === 'api_key' && value.secrets !== undefined)
      refuse('secrets', 'are not for the scheme api_key: an API key proves the caller');
    const hasUser = value.user_id !== undefined;
    value.calls?.forEach((call, index) => {
      if (!hasUser && call.user_id === undefined)
        refuse(['calls', index, 'user_id'], 'is required, since the trigger names no user_id');
    });
  });
export type TriggerRequest = z.infer<typeof triggerRequestSchema>;

/** The stored settings: everything but the secrets. */
export const triggerSettingsSchema = z.strictObject(settings);
export type TriggerSettings = z.infer<typeof triggerSettingsSchema>;

/** The request for another secret. */
export const secretRotationSchema = z.strictObject({
  /** The new secret. Absent: the mesh makes one, where the other system takes any. */
  secret: triggerSecretSchema.exactOptional(),
  /**
   * Seconds for which the former secrets stay valid.
   * @default 86400
   */
  overlap_seconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .exactOptional(),
});
export type SecretRotation = z.infer<typeof secretRotationSchema>;

/** A trigger as its tenant sees it. Secrets are named by their ids. */
export const triggerViewSchema = z.object({
  trigger: triggerSlugSchema,
  ...settings,
  /** The address for the other system. Absent: no signature opens the trigger. */
  url: z.string().exactOptional(),
  /** The valid secrets, the newest first. */
  secrets: z.array(
    z.object({ id: z.string(), created_at: z.iso.datetime(), expires_at: z.iso.datetime().exactOptional() }),
  ),
  /** A secret that the mesh has just made. Only the answer to its request has it. */
  secret: z.string().exactOptional(),
  /** Whether the gateways can know exactly these settings. */
  published: z.boolean(),
  /** The next time of the schedule. */
  next_at: z.iso.datetime().exactOptional(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  updated_by: nameSchema,
});
export type TriggerView = z.infer<typeof triggerViewSchema>;

/**
 * The state of a delivery. `received`: it is recorded, and its calls are not started yet. `started`: all its calls are
 * accepted. `skipped`: it starts no call. `failed`: a person has to look at the reason; a replay tries again.
 */
export const deliveryStateSchema = z.enum(['received', 'started', 'skipped', 'failed']);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** A delivery of a trigger, as its tenant sees it. */
export const deliveryViewSchema = z.object({
  id: z.uuid(),
  trigger: triggerSlugSchema,
  /** The id that repetitions share: the sender's, or a digest of the signed content. */
  delivery_id: z.string(),
  state: deliveryStateSchema,
  /** A stable code, for `skipped` and `failed`. */
  reason: z.string().exactOptional(),
  /** For people: what happened, and the next step. */
  detail: z.string().exactOptional(),
  call_ids: z.array(z.string()),
  replays: z.int().min(0),
  received_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type DeliveryView = z.infer<typeof deliveryViewSchema>;

/** Names a trigger of a tenant. */
export const triggerPlaceSchema = z.object({ tenant_id: tenantIdSchema, trigger: triggerSlugSchema });
