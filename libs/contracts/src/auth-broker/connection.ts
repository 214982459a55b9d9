import { z } from 'zod';

import { nameSchema, toolSlugSchema } from '../gateway/index.js';
import { tenantIdSchema } from './identity.js';

/** The id of a provider, an integration or a setting: lower-case words joined by hyphens. */
export const integrationIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must match ^[a-z][a-z0-9-]{0,62}$');

/**
 * A rule for the hosts that may get a credential: an exact host, or a pattern. `*.example.com` covers every host below
 * its domain, which has at least two labels. A pattern does not cover its own domain.
 */
export const hostRuleSchema = z
  .string()
  .max(255)
  .regex(
    /^(\*\.[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?)$/,
    'must be a host such as api.example.com or *.example.com, in lower case',
  );

/**
 * The state of a connection. `active`: calls use it. `needs_reauth`: only its user can repair it. `revoking`: no call uses
 * it, and its provider has not confirmed the revocation yet. `revoked`: its credential is destroyed.
 */
export const connectionStateSchema = z.enum(['active', 'needs_reauth', 'revoking', 'revoked']);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/**
 * Why a connection needs its user. `refused`: the provider refused the refresh token. `rotation_lost`: an answer with a new
 * refresh token was lost, and the old token is used up. `expired`: the refresh token, or a token without one, has expired.
 * `credential_rejected`: the provider refused a fresh credential.
 */
export const reauthReasonSchema = z.enum(['refused', 'rotation_lost', 'expired', 'credential_rejected']);
export type ReauthReason = z.infer<typeof reauthReasonSchema>;

/** An account at a provider, as the provider names it. */
export const accountSchema = z.object({
  id: z.string().min(1).max(500),
  /** For people: an e-mail address, a login, the name of a workspace. */
  name: z.string().min(1).max(500).exactOptional(),
});
export type Account = z.infer<typeof accountSchema>;

/** The set-up of a provider by a tenant, as far as an executor needs it. It holds no secret. */
export const integrationSchema = z.object({
  tenant_id: tenantIdSchema,
  integration: integrationIdSchema,
  /** The id of the provider in the registry. */
  provider: integrationIdSchema,
  /** The slugs of the tools' providers that this integration serves by the tenant's choice. */
  serves: z.array(toolSlugSchema).max(50),
  /** The only hosts that may get a credential of this integration. They also select the tools that it serves. */
  hosts: z.array(hostRuleSchema).min(1).max(50),
  /** Where `POST /v1/proxy/:integration` sends, without a trailing slash. Absent: the connection says so. */
  base_url: z.string().max(500).exactOptional(),
  /** When the tenant last set it up. A new client secret changes nothing else here, and waiting calls continue after it. */
  changed_at: z.iso.datetime(),
});
export type Integration = z.infer<typeof integrationSchema>;

/** The changes of a connection that others react to. */
export const connectionChangeSchema = z.enum([
  'created',
  'refreshed',
  'refresh_failed',
  'needs_reauth',
  'recovered',
  'made_default',
  'revoked',
]);
export type ConnectionChange = z.infer<typeof connectionChangeSchema>;

/** One change of one connection. Of two changes of a connection, the higher `seq` is newer. */
export const changedConnectionSchema = z.object({
  connection_id: z.uuid(),
  seq: z.int().min(1),
  tenant_id: tenantIdSchema,
  user_id: nameSchema,
  integration: integrationIdSchema,
  provider: integrationIdSchema,
  change: connectionChangeSchema,
  state: connectionStateSchema,
  /** Only with the state `needs_reauth`. */
  reason: reauthReasonSchema.exactOptional(),
  /** Only with `refresh_failed`: a code for programs, such as `invalid_client` or `timeout`. */
  error: z.string().max(100).exactOptional(),
  /** The version of the credential. Each refresh and each reconnection raises it. */
  version: z.int().min(1),
  /** Whether calls without a `connection_id` use this connection. */
  is_default: z.boolean(),
  account: accountSchema.exactOptional(),
  at: z.iso.datetime(),
});
export type ChangedConnection = z.infer<typeof changedConnectionSchema>;
