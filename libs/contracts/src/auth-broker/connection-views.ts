import { z } from 'zod';

import { listLimitSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import {
  accountSchema,
  connectionStateSchema,
  hostRuleSchema,
  integrationIdSchema,
  reauthReasonSchema,
} from './connection.js';

const scopeTextSchema = z.string().min(1).max(300);
const originSchema = z.url({ protocol: /^https?$/ }).max(500);

/** The settings of an integration. Secrets are only ever written, never shown. */
export const integrationRequestSchema = z.strictObject({
  /** The id of a provider, from `GET /v1/providers`. @default the id of the integration */
  provider: integrationIdSchema.optional(),
  client_id: z.string().min(1).max(1_000).optional(),
  /** Absent: the secret stays as it is. */
  client_secret: z.string().min(1).max(10_000).optional(),
  /** The scopes of a connect session that names none. @default those of the provider */
  scopes: z.array(scopeTextSchema).max(200).optional(),
  /** Slugs of the providers of tools that this integration serves. @default the tools at the provider's hosts */
  serves: z.array(toolSlugSchema).max(50).optional(),
  /** Hosts beyond those of the provider that may get the credential: a self-hosted server, or any host of a generic provider. */
  hosts: z.array(hostRuleSchema).max(50).optional(),
  /** The address of the API, for a self-hosted server or a generic provider. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  /** Values for the templates of the provider: `{ "subdomain": "acme" }`, or `{ "issuer": "https://…" }`. */
  settings: z.record(integrationIdSchema, z.string().min(1).max(1_000)).optional(),
  /** The origins to which a connect session may return. @default none */
  return_origins: z.array(originSchema).max(20).optional(),
});
export type IntegrationRequest = z.infer<typeof integrationRequestSchema>;

/** An integration of a tenant. */
export const integrationViewSchema = z.object({
  integration: integrationIdSchema,
  provider: integrationIdSchema,
  name: z.string(),
  client_id: z.string().optional(),
  has_client_secret: z.boolean(),
  scopes: z.array(z.string()),
  serves: z.array(z.string()),
  hosts: z.array(z.string()),
  base_url: z.string().optional(),
  settings: z.record(z.string(), z.string()),
  return_origins: z.array(z.string()),
  /** Register exactly this address at the provider. Absent: the provider needs none. */
  redirect_uri: z.string().optional(),
  /** Why the provider refuses this integration's own credential. Refreshes pause meanwhile. */
  broken: z.object({ code: z.string(), since: z.iso.datetime() }).optional(),
  connections: z.int().min(0),
  updated_at: z.iso.datetime(),
});
export type IntegrationView = z.infer<typeof integrationViewSchema>;

/** A provider of the registry. */
export const providerViewSchema = z.object({
  provider: integrationIdSchema,
  name: z.string(),
  /** The way in which users give a credential. */
  kind: z.enum(['oauth2', 'client_credentials', 'fields']),
  hosts: z.array(z.string()),
  scopes: z.array(z.string()),
  /** The settings of an integration. It must give the required ones. */
  settings: z.array(
    z.object({ name: z.string(), label: z.string(), required: z.boolean(), example: z.string().optional() }),
  ),
  /** The fields that a user enters. Empty for OAuth. */
  fields: z.array(z.object({ name: z.string(), label: z.string(), secret: z.boolean() })),
  sources: z.array(z.object({ url: z.string(), checked: z.iso.date() })),
});
export type ProviderView = z.infer<typeof providerViewSchema>;

/** A connection of a user, without its credential. */
export const connectionViewSchema = z.object({
  connection_id: z.uuid(),
  user_id: nameSchema,
  integration: integrationIdSchema,
  provider: integrationIdSchema,
  state: connectionStateSchema,
  reason: reauthReasonSchema.optional(),
  is_default: z.boolean(),
  account: accountSchema.optional(),
  label: z.string().optional(),
  /** The granted scopes. Absent: the provider does not report them. */
  scopes: z.array(z.string()).optional(),
  expires_at: z.iso.datetime().optional(),
  /** When the user has to connect again, if the provider says so. */
  reconnect_by: z.iso.datetime().optional(),
  /** The last failed refresh, until one succeeds. */
  last_error: z.string().optional(),
  /** Where the user repairs the connection. Only with `needs_reauth`. */
  connect_url: z.string().optional(),
  created_at: z.iso.datetime(),
  refreshed_at: z.iso.datetime().optional(),
  last_used_at: z.iso.datetime().optional(),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;

/** A query for connections. */
export const connectionQuerySchema = z.strictObject({
  user_id: nameSchema.optional(),
  integration: integrationIdSchema.optional(),
  /** @default 50 */
  limit: listLimitSchema(500).default(50),
  /** The `cursor` of the previous page, unchanged. */
  cursor: z.uuid('must be the unchanged cursor of the previous page').optional(),
});
export type ConnectionQuery = z.infer<typeof connectionQuerySchema>;

/** Connections, the oldest first. Only an absent `cursor` marks the last page. */
export const connectionPageSchema = z.object({
  connections: z.array(connectionViewSchema),
  cursor: z.string().optional(),
});
export type ConnectionPage = z.infer<typeof connectionPageSchema>;

/** The default connections of a user that calls can use now, with every scope that the granted ones include. */
export const usableConnectionsSchema = z.object({
  connections: z.array(
    z.object({
      integration: integrationIdSchema,
      /** Absent: the provider does not report scopes. */
      scopes: z.array(z.string()).exactOptional(),
    }),
  ),
});
export type UsableConnections = z.infer<typeof usableConnectionsSchema>;

/** The request for a connect session. */
export const connectSessionRequestSchema = z.strictObject({
  /** @default the only user of the key, or the user of the token */
  user_id: nameSchema.optional(),
  integration: integrationIdSchema,
  /** @default the scopes of the integration */
  scopes: z.array(scopeTextSchema).min(1).max(200).optional(),
  /**
   * Where the browser returns, with `connect_session` and `completion` in the query. The connection stays pending until
   * `POST /v1/connect-sessions/:id/complete` shows that completion: the program there checks that its signed-in user is
   * the user of the session. Absent: the person confirms on the page.
   */
  return_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /** Repairs this connection instead of adding one. It must be the same account again. */
  connection_id: z.uuid().optional(),
  /** With `connection_id`: another account may take its place. @default false */
  allow_other_account: z.boolean().optional(),
  /** For people: a name for the connection. */
  label: z.string().min(1).max(100).optional(),
});
export type ConnectSessionRequest = z.infer<typeof connectSessionRequestSchema>;

/** The state of a connect session. `returned`: the provider agreed, and the session waits for its completion. */
export const connectSessionStatusSchema = z.enum(['open', 'returned', 'completed', 'failed', 'expired']);

export const connectSessionViewSchema = z.object({
  id: z.string(),
  status: connectSessionStatusSchema,
  user_id: nameSchema,
  integration: integrationIdSchema,
  scopes: z.array(z.string()),
  /** The page for the user's browser. Only in the answer that creates the session. */
  url: z.string().optional(),
  /** The account that the provider named. */
  account: accountSchema.optional(),
  connection_id: z.uuid().optional(),
  /** The reason of a failure: `access_denied`, `other_account`, `provider_error` … */
  error: z.string().optional(),
  expires_at: z.iso.datetime(),
});
export type ConnectSessionView = z.infer<typeof connectSessionViewSchema>;

/** Completes a session for the user that the asking program has signed in. */
export const connectCompletionSchema = z.strictObject({ completion: z.string().min(1).max(200) });

/** The answer of the connect pages to a browser. The gateway sends it unchanged. */
export const connectReplySchema = z.object({
  status: z.int().min(200).max(599),
  location: z.string().optional(),
  /** Whole `set-cookie` values. */
  cookies: z.array(z.string()),
  html: z.string().optional(),
  /** The source of the page's style in a content security policy. */
  style_source: z
    .string()
    .regex(/^sha256-[A-Za-z0-9+/]{43}=$/)
    .optional(),
});
export type ConnectReply = z.infer<typeof connectReplySchema>;

/** The cookies of the mesh in a browser's request. Cookies of other programs at the same host stay in the gateway. */
const connectCookiesSchema = z.array(z.object({ name: z.string(), value: z.string() }));

/** A browser's request for the page of a session or a link. */
export const connectPageRequestSchema = z.object({
  /** The last part of the path. */
  token: z.string(),
  cookies: connectCookiesSchema,
  /** The body of a form, as it came. */
  form: z.string().optional(),
});
export type ConnectPageRequest = z.infer<typeof connectPageRequestSchema>;

/** The request of a browser that comes back from a provider. */
export const connectCallbackRequestSchema = z.object({
  tenant: z.string(),
  integration: z.string(),
  /** Without its question mark, undecoded. */
  query: z.string(),
  cookies: connectCookiesSchema,
});
export type ConnectCallbackRequest = z.infer<typeof connectCallbackRequestSchema>;

/** The names of the cookie that binds a connect session to its browser: over https, and over http on this machine. */
export const connectCookieNames = ['__Host-mesh-connect', 'mesh-connect'] as const;
