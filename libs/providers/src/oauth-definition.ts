import { z } from 'zod';

import { days } from './lifetimes.js';
import { parametersSchema, pointerSchema, templateSchema } from './template-schema.js';

/** The name of a setting in braces. The setting then chooses the value. */
const settingReferenceSchema = z.string().regex(/^\{[a-z][a-z0-9-]{0,62}\}$/, 'must be a setting in braces');

/** Where the fields of a token answer are, as JSON pointers. */
const tokenAnswerSchema = z.strictObject({
  /** @default /access_token */
  accessToken: pointerSchema.optional(),
  /** @default /refresh_token */
  refreshToken: pointerSchema.optional(),
  /** @default /expires_in */
  expiresIn: pointerSchema.optional(),
  /** @default s */
  expiresInUnit: z.enum(['s', 'ms']).optional(),
  /** Seconds until the refresh token ends. @default /refresh_token_expires_in, then /x_refresh_token_expires_in */
  refreshExpiresIn: pointerSchema.optional(),
  /**
   * The granted scopes. False: the answer does not report scopes, so the mesh never compares them.
   * @default /scope
   */
  scope: z.union([pointerSchema, z.literal(false)]).optional(),
  /** A 2xx answer is a token only with this value there. */
  success: z.strictObject({ at: pointerSchema, equals: z.union([z.boolean(), z.string()]) }).optional(),
  /** Where an error code is, also in a 2xx answer. The first of several that holds a text counts. @default /error */
  error: z.union([pointerSchema, z.array(pointerSchema).min(1).max(5)]).optional(),
});

/** The behaviour of a provider's refresh tokens and access tokens. Each member changes the work of the broker. */
const refreshSchema = z.strictObject({
  /** Whether a refresh gives a new refresh token and ends the old one. `sometimes`: the answer shows it. */
  rotates: z.enum(['always', 'sometimes', 'never']),
  /** For how long the provider accepts a used refresh token again, in milliseconds. @default 0 */
  reuseLeewayMs: z.int().min(0).optional(),
  /** True: a refresh ends the former access token at once, so the broker refreshes only when it must. @default false */
  endsAccessToken: z.literal(true).optional(),
  /**
   * The life of an access token, in milliseconds, where the answer does not tell it. Absent: only a 401 shows its end.
   */
  accessTokenMs: z.int().min(1_000).optional(),
  /** An idle refresh token ends after this time, in milliseconds. The broker uses it before. */
  idleMs: z.int().min(days(1)).optional(),
  /** The longest life of a grant, in milliseconds from the consent. */
  absoluteMs: z.int().min(days(1)).optional(),
  /** Added to the refresh request. */
  parameters: parametersSchema.optional(),
  /** True: the refresh request repeats the scopes. @default false */
  repeatsScopes: z.literal(true).optional(),
  /** A token endpoint for refreshes alone. @default tokenUrl */
  url: templateSchema.optional(),
  /** Members of `tokenAnswer` that differ in the answer to a refresh. */
  tokenAnswer: tokenAnswerSchema.optional(),
});

/** Codes of the token endpoint beyond RFC 6749. */
const errorCodesSchema = z.strictObject({
  /** The grant is gone: only the user can repair it. */
  permanent: z.array(z.string()).max(50).optional(),
  /** The client id or secret is wrong: only the tenant can repair it. */
  client: z.array(z.string()).max(50).optional(),
  /** A later request may succeed. */
  transient: z.array(z.string()).max(50).optional(),
});

/** The members of every way of OAuth, with or without metadata. */
const tokenShape = {
  /** Added to the request for a token. The request leaves out parameters with an empty value. */
  tokenParameters: parametersSchema.optional(),
  /** Headers of requests to the token endpoint. */
  tokenHeaders: parametersSchema.optional(),
  tokenAnswer: tokenAnswerSchema.optional(),
  errors: errorCodesSchema.optional(),
  refresh: refreshSchema.optional(),
  /** @default a space */
  scopeSeparator: z.enum([' ', ',']).optional(),
} as const;

const consentShape = {
  /** Added to the request for the user's consent. The request leaves out parameters with an empty value. */
  authorizeParameters: parametersSchema.optional(),
  /** The name of the parameter for scopes in that request. @default scope */
  scopeParameter: z.string().optional(),
  /** Scopes that every request needs: `offline_access`. */
  requiredScopes: z.array(z.string()).max(20).optional(),
} as const;

const endpointShape = {
  tokenUrl: templateSchema,
  /** The authentication of the client at the token endpoint. @default body */
  clientAuth: z.union([z.enum(['basic', 'body', 'none']), settingReferenceSchema]).optional(),
  /** The form of requests to the token endpoint. @default form */
  bodyFormat: z.enum(['form', 'json']).optional(),
} as const;

/** RFC 7009, or the provider's own way to end a grant. */
const revocationSchema = z.strictObject({
  /** It may hold `{client_id}`. */
  url: templateSchema,
  /** The name of the parameter with the token. @default token, and none with `auth: 'token'` */
  parameter: z.string().optional(),
  /** @default POST */
  method: z.enum(['POST', 'DELETE', 'GET']).optional(),
  /** The authentication of the request. `client`: as at the token endpoint. `token`: as a bearer. @default client */
  auth: z.enum(['client', 'basic', 'token']).optional(),
  /** Headers of the request. */
  headers: parametersSchema.optional(),
  /** @default form */
  bodyFormat: z.enum(['form', 'json']).optional(),
  /** The tokens to revoke, in this order. @default the refresh token, then the access token */
  tokens: z
    .array(z.enum(['refresh', 'access']))
    .min(1)
    .max(2)
    .optional(),
  /** A 2xx answer confirms only with this value there. */
  success: z.strictObject({ at: pointerSchema, equals: z.union([z.boolean(), z.string()]) }).optional(),
});

/** The user agrees at the provider (RFC 6749, section 4.1). */
export const oauth2Schema = z.strictObject({
  kind: z.literal('oauth2'),
  authorizationUrl: templateSchema,
  ...endpointShape,
  ...tokenShape,
  ...consentShape,
  /** RFC 7636. @default S256 */
  pkce: z.union([z.enum(['S256', 'off']), settingReferenceSchema]).optional(),
  /** The `iss` of the authorization server (RFC 9207). A callback with another one is refused. */
  issuer: templateSchema.optional(),
  /** True: a callback without `iss` is refused too. @default false */
  sendsIssuer: z.literal(true).optional(),
  /** Query parameters of the callback that join the details of the token answer, under `/callback`. */
  callbackParameters: z.array(z.string().min(1).max(100)).max(5).optional(),
  revocation: revocationSchema.optional(),
});

/** The endpoints come from the metadata of the issuer in the setting `issuer` (RFC 8414, OpenID Connect). */
export const discoveredSchema = z.strictObject({
  kind: z.literal('discovered'),
  ...tokenShape,
  ...consentShape,
});

/** A client takes a token for itself (RFC 6749, section 4.4). The user enters the client id and the client secret. */
export const clientCredentialsSchema = z.strictObject({
  kind: z.literal('client_credentials'),
  ...endpointShape,
  ...tokenShape,
});
