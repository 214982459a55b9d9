import { hostRuleSchema, integrationIdSchema } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

import { clientCredentialsSchema, discoveredSchema, oauth2Schema } from './oauth-definition.js';
import { templateVariables } from './template-variables.js';
import {
  fieldSchema,
  parametersSchema,
  pointerSchema,
  settingSchema,
  templateSchema,
} from './template-schema.js';

const accountShape = {
  /** Several pointers make one id, joined by `/`, where a user id is unique in a workspace only. */
  id: z.union([pointerSchema, z.array(pointerSchema).min(1).max(3)]),
  name: pointerSchema.optional(),
} as const;

/**
 * The account behind a token: from the token answer, the ID token, or a request with the token. An answer without the id
 * belongs to no known account.
 */
const identitySchema = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('token'), ...accountShape }),
  z.strictObject({ from: z.literal('id_token'), ...accountShape }),
  z.strictObject({
    from: z.literal('request'),
    /** Its host must be one that gets the credential. It may begin with `{base}`, the base URL of the connection. */
    url: templateSchema,
    /** @default GET */
    method: z.enum(['GET', 'POST']).optional(),
    /** The body of a POST, as JSON. */
    body: z.json().optional(),
    headers: parametersSchema.optional(),
    ...accountShape,
  }),
]);

/** The beginning of the tools' addresses that the account's own address replaces. */
const replacesSchema = z.string().min(1).max(500);

/** The address of the API for one account. */
const baseSchema = z.discriminatedUnion('from', [
  /** A member of the token answer: Salesforce's `instance_url`. With a template, the member is its `{id}`. */
  z.strictObject({
    from: z.literal('token'),
    at: pointerSchema,
    template: templateSchema.optional(),
    replaces: replacesSchema,
  }),
  /** A request after the consent: Jira's `accessible-resources`. `template` holds `{id}`, the value at `at`. */
  z.strictObject({
    from: z.literal('request'),
    url: templateSchema,
    /** Where the value is: in the answer, or in the chosen item of its list. */
    at: pointerSchema,
    /** The answer is a list. The setting chooses the item; a list of one item needs none. */
    choose: z.strictObject({ at: pointerSchema, equals: templateSchema, setting: z.string() }).optional(),
    template: templateSchema,
    replaces: replacesSchema,
  }),
  /** A template with settings and entered fields: `https://{domain}.example.com`. */
  z.strictObject({ from: z.literal('fields'), template: templateSchema, replaces: replacesSchema }),
]);

/**
 * A part of a credential in each request. `name` and `value` hold settings, fields and `{access_token}` in braces. The
 * mesh removes white space at the ends of a value, so `{scheme} {api-key}` works without a scheme. It leaves out a
 * place with an empty value. With `encode: 'basic'` the whole value goes behind `Basic ` in base64 (RFC 7617).
 */
const credentialPlaceSchema = z.strictObject({
  in: z.enum(['header', 'query']),
  name: z.string().min(1).max(100),
  value: z.string().min(1).max(500),
  encode: z.literal('basic').optional(),
});

/** The user enters the credential: an API key, several fields, or a name with a password. */
const fieldsAuthSchema = z.strictObject({
  kind: z.literal('fields'),
  fields: z.array(fieldSchema).min(1).max(10),
});

/** A provider, as its data file says. The broker builds every request to it from this record. */
export const providerSchema = z
  .strictObject({
    id: integrationIdSchema,
    name: z.string().min(1).max(100),
    /**
     * Another provider with the same API. A tenant with both chooses the one of a tool by `serves`. Else the first
     * integration by name serves it.
     */
    alternativeTo: integrationIdSchema.optional(),
    auth: z.discriminatedUnion('kind', [
      oauth2Schema,
      discoveredSchema,
      clientCredentialsSchema,
      fieldsAuthSchema,
    ]),
    /** The scopes of an integration that names none. */
    scopes: z.array(z.string()).max(100).optional(),
    /** Scopes that include others: `{ "repo": ["public_repo"] }`. */
    impliedScopes: z.record(z.string(), z.array(z.string())).optional(),
    settings: z.array(settingSchema).max(10).optional(),
    /** The hosts of the API. Empty: the integration names them. */
    hosts: z.array(hostRuleSchema).max(50),
    /** Where the raw proxy sends. Absent: the connection or the integration says so. */
    baseUrl: templateSchema.optional(),
    /** The address of the API for one account. */
    base: baseSchema.optional(),
    /** How requests carry the credential. */
    credential: z.array(credentialPlaceSchema).min(1).max(5),
    /** The account behind a credential. Absent: the mesh cannot tell accounts apart. */
    identity: identitySchema.optional(),
    /** The source of each fact, with the day of the last check. */
    sources: z
      .array(
        z.strictObject({
          fact: z.string().min(1).max(200),
          url: z.url({ protocol: /^https$/ }),
          checked: z.iso.date(),
        }),
      )
      .min(1)
      .max(10),
  })
  .superRefine((provider, context) => {
    const names = [
      ...(provider.settings ?? []).map(({ name }) => name),
      ...(provider.auth.kind === 'fields' ? provider.auth.fields : []).map(({ name }) => name),
    ];
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (new Set(names).size < names.length) problem('two settings or fields have the same name');
    const known = new Set([...names, 'access_token', 'base', 'client_id', 'id']);
    for (const name of templateVariables(JSON.stringify(provider))) {
      if (!known.has(name)) problem(`{${name}} is no setting and no field`);
    }
  });

export type ProviderDefinition = z.input<typeof providerSchema>;
export type OAuth2Auth = Extract<ProviderDefinition['auth'], { kind: 'oauth2' }>;
export type DiscoveredAuth = Extract<ProviderDefinition['auth'], { kind: 'discovered' }>;
export type ClientCredentialsAuth = Extract<ProviderDefinition['auth'], { kind: 'client_credentials' }>;
export type CredentialPlaceDefinition = ProviderDefinition['credential'][number];
export type FieldDefinition = z.input<typeof fieldSchema>;

/** Marks a data file. `registry.ts` checks it with the schema once. */
export function defineProvider(definition: ProviderDefinition): ProviderDefinition {
  return definition;
}
