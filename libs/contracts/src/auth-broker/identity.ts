import { z } from 'zod';

import { digestSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { keyScopeSchema } from './scope.js';

/** The name of a tenant. It appears in headers, topics and audiences, so it is plain. */
export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must match ^[a-z0-9][a-z0-9._-]{0,62}$');

/** The part of a key that names it. */
export const keyIdSchema = z.string().regex(/^[0-9a-z]{16}$/, 'must be 16 lower-case letters and digits');

/** Keys of one environment do not open another. */
export const environmentSchema = z.enum(['dev', 'test', 'live']);
export type KeyEnvironment = z.infer<typeof environmentSchema>;

/** `api`: the key opens the gateway. `publisher`: the token opens `mesh.ingress` and nothing else. */
export const keyUseSchema = z.enum(['api', 'publisher']);
export type KeyUse = z.infer<typeof keyUseSchema>;

/**
 * Selects tools by slug, or by toolkit and slug: `crm_*`, `github/*`, `slack/post_message`. `*` stands for any
 * characters.
 */
export const toolPatternSchema = z
  .string()
  .regex(
    /^([a-z0-9_*-]{1,64}\/)?[a-z0-9_*]{1,64}$/,
    'must be a slug or toolkit/slug, in lower case, with * for any characters',
  );

const amount = z.int().min(1).max(1_000_000_000);

/** How many requests or calls a gateway takes. Absent members do not limit. */
export const rateSchema = z.strictObject({
  /** The sustained rate. */
  per_second: z.number().positive().max(1_000_000).optional(),
  /**
   * The most at once after a quiet time.
   * @default the sustained rate of one second, at least 1
   */
  burst: amount.optional(),
  /** The most from midnight to midnight UTC. */
  per_day: amount.optional(),
});
export type QuotaRate = z.infer<typeof rateSchema>;

export const quotaSchema = z.strictObject({ requests: rateSchema.optional(), calls: rateSchema.optional() });
export type Quota = z.infer<typeof quotaSchema>;

/** A public key in JWK form (RFC 7517). Private members are refused. */
export const publicJwkSchema = z
  .looseObject({
    kty: z.enum(['RSA', 'EC', 'OKP']),
    kid: z.string().min(1).max(200).optional(),
    alg: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']),
  })
  .refine(
    (jwk) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].every((name) => !Object.hasOwn(jwk, name)),
    'must be a public key, without private members',
  );
export type PublicJwk = z.infer<typeof publicJwkSchema>;

/** A signer of user tokens, with the public keys that doors verify by. */
export const issuerSchema = z.strictObject({
  /** The exact `iss` of its tokens. */
  issuer: z.string().min(1).max(500),
  keys: z.array(publicJwkSchema).max(20),
});

/** A tenant, as far as doors need it. A door refuses every key of an unknown tenant. */
export const tenantIdentitySchema = z.object({
  kind: z.literal('tenant'),
  id: tenantIdSchema,
  quota: quotaSchema.optional(),
  issuers: z.array(issuerSchema).max(10),
});
export type TenantIdentity = z.infer<typeof tenantIdentitySchema>;

/** A key, as far as doors need it. */
export const keyIdentitySchema = z.object({
  kind: z.literal('key'),
  id: keyIdSchema,
  tenant_id: tenantIdSchema,
  use: keyUseSchema,
  environment: environmentSchema,
  /** SHA-256 of the whole key. A key has more than 230 random bits, so the digest reveals nothing. */
  digest: digestSchema,
  /** The person or program to which the key belongs. Two keys of one holder are one identity. */
  holder: nameSchema,
  scopes: z.array(keyScopeSchema),
  /** Absent: every tool. */
  tools: z.array(toolPatternSchema).min(1).max(100).optional(),
  /** Absent: every user of the tenant. */
  users: z.array(nameSchema).min(1).max(1_000).optional(),
  expires_at: z.iso.datetime().optional(),
  quota: quotaSchema.optional(),
});
export type KeyIdentity = z.infer<typeof keyIdentitySchema>;

/** Selects calls by exactly one property. */
export const switchTargetSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('tenant'), value: tenantIdSchema }),
  z.strictObject({ type: z.literal('key'), value: keyIdSchema }),
  z.strictObject({ type: z.literal('user'), value: nameSchema }),
  z.strictObject({ type: z.literal('agent'), value: nameSchema }),
  z.strictObject({ type: z.literal('tool'), value: toolSlugSchema }),
  z.strictObject({ type: z.literal('provider'), value: toolSlugSchema }),
]);
export type SwitchTarget = z.infer<typeof switchTargetSchema>;

/** A kill switch that is on. New calls of its target are refused, and waiting ones are held until it is lifted. */
export const killSwitchSchema = z.object({
  kind: z.literal('switch'),
  id: z.uuid(),
  /** The switch covers calls of this tenant alone. Absent: all tenants. */
  tenant_id: tenantIdSchema.optional(),
  target: switchTargetSchema,
  reason: z.string().min(1).max(500),
  /** The holder of the key that turned it on. */
  by: nameSchema,
  since: z.iso.datetime(),
});
export type KillSwitch = z.infer<typeof killSwitchSchema>;

/** One fact that doors need to decide on a caller. */
export const identitySchema = z.discriminatedUnion('kind', [
  tenantIdentitySchema,
  keyIdentitySchema,
  killSwitchSchema,
]);
export type Identity = z.infer<typeof identitySchema>;
