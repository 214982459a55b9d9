import { z } from 'zod';

import { nameSchema } from '../gateway/index.js';
import {
  keyIdentitySchema,
  keyIdSchema,
  killSwitchSchema,
  quotaSchema,
  publicJwkSchema,
  switchTargetSchema,
  tenantIdSchema,
  toolPatternSchema,
} from './identity.js';
import { keyScopeSchema, roleSchema } from './scope.js';

/** The request for a new key. */
export const keyRequestSchema = z.strictObject({
  /** @default `api` */
  use: keyIdentitySchema.shape.use.optional(),
  /** @default the holder of the key that asks */
  holder: nameSchema.optional(),
  role: roleSchema,
  /** Narrows the scopes of the role. */
  scopes: z.array(keyScopeSchema).min(1).optional(),
  tools: z.array(toolPatternSchema).min(1).max(100).optional(),
  users: z.array(nameSchema).min(1).max(1_000).optional(),
  expires_at: z.iso.datetime().optional(),
  quota: quotaSchema.optional(),
  /** For people: what the key is for. */
  note: z.string().max(200).optional(),
});
export type KeyRequest = z.infer<typeof keyRequestSchema>;

/** The request for a successor. Both keys are valid until the overlap ends. */
export const keyRotationSchema = z.strictObject({
  /**
   * Seconds for which the old key stays valid.
   * @default 86400
   */
  overlap_seconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .optional(),
});

/** A key without its secret. */
export const keyViewSchema = keyIdentitySchema.omit({ kind: true, digest: true }).extend({
  role: roleSchema,
  note: z.string().optional(),
  created_at: z.iso.datetime(),
  /** The holder of the key that created it. */
  created_by: nameSchema,
  /** The id of its successor. */
  replaced_by: keyIdSchema.optional(),
  /** Accurate to about a minute. Absent: never used. */
  last_used_at: z.iso.datetime().optional(),
  /** Whether doors know it already. */
  published: z.boolean(),
});
export type KeyView = z.infer<typeof keyViewSchema>;

/** The only answer that shows a key. */
export const createdKeySchema = keyViewSchema.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;

/** The last uses of keys, as a door reports them. */
export const reportedKeyUsesSchema = z.strictObject({
  uses: z
    .array(z.strictObject({ key_id: keyIdSchema, used_at: z.iso.datetime() }))
    .min(1)
    .max(1_000),
});
export type ReportedKeyUses = z.infer<typeof reportedKeyUsesSchema>;

/** The settings of a tenant. An issuer has its keys here, or the address of its JWK set. */
export const tenantRequestSchema = z.strictObject({
  quota: quotaSchema.optional(),
  issuers: z
    .array(
      z
        .strictObject({
          issuer: z.string().min(1).max(500),
          keys: z.array(publicJwkSchema).min(1).max(20).optional(),
          jwks_url: z
            .url({ protocol: /^https?$/ })
            .max(2_000)
            .optional(),
        })
        .refine(
          ({ keys, jwks_url }) => (keys === undefined) !== (jwks_url === undefined),
          'must have either keys or jwks_url',
        ),
    )
    .max(10)
    .optional(),
});
export type TenantRequest = z.infer<typeof tenantRequestSchema>;

export const tenantViewSchema = z.object({
  id: tenantIdSchema,
  quota: quotaSchema.optional(),
  issuers: z.array(
    z.object({
      issuer: z.string(),
      jwks_url: z.string().optional(),
      /** The ids of the public keys that doors know. */
      key_ids: z.array(z.string()),
      /** When the JWK set was last read. */
      read_at: z.iso.datetime().optional(),
      /** Why the last read failed. The keys of the last good read count for a day. */
      problem: z.string().optional(),
      /** The keys of the JWK set that doors do not use, each with the reason. */
      left_out: z.array(z.string()),
    }),
  ),
  created_at: z.iso.datetime(),
  published: z.boolean(),
});
export type TenantView = z.infer<typeof tenantViewSchema>;

/** The request to turn on a kill switch. */
export const switchRequestSchema = z.strictObject({
  target: switchTargetSchema,
  reason: killSwitchSchema.shape.reason,
  /** `mesh`: calls of all tenants; only the role `platform` may ask for it. */
  reach: z.enum(['tenant', 'mesh']).optional(),
});
export type SwitchRequest = z.infer<typeof switchRequestSchema>;

export const switchViewSchema = killSwitchSchema.omit({ kind: true }).extend({ published: z.boolean() });
export type SwitchView = z.infer<typeof switchViewSchema>;
