import { environmentSchema, type KeyUse } from '@action-mesh/contracts/auth-broker';
import { keyDigest, readKeyText } from '@action-mesh/identity';
import {
  kafkaConnection,
  kafkaVariables,
  httpUrl,
  loadConfig,
  logLevel,
  port,
  serviceKeyVariables,
  type DeepReadonly,
  type Environment,
} from '@action-mesh/platform';
import { telemetrySettings, telemetryVariables } from '@action-mesh/telemetry';
import { vaultKeys } from '@action-mesh/vault';
import { z } from 'zod';

import { originProblem } from './domain/connect-sessions/public-address.js';
import type { BootstrapKey } from './application/adopt-bootstrap-keys.js';
import { assertNoCredentialDebugging } from './credential-debugging.js';

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /** The environment of new keys. Doors of another environment refuse them. */
    MESH_ENVIRONMENT: environmentSchema.default('dev'),
    /** A whole API key. It becomes a key of the role platform; its text is stored nowhere. */
    AUTH_BROKER_PLATFORM_KEY: z.string().optional(),
    /** A whole publisher token. It may publish calls for the tenant `default`. */
    AUTH_BROKER_PLATFORM_PUBLISHER: z.string().optional(),
    /** The key-encryption keys of stored secrets: `<kid>:<base64 of 32 bytes>`, the current one first. */
    AUTH_BROKER_KEYS: z.string().optional(),
    /** A file with the same content. */
    AUTH_BROKER_KEYS_FILE: z.string().optional(),
    /** A Transit engine of Vault or OpenBao that holds the key-encryption key, in place of AUTH_BROKER_KEYS. */
    AUTH_BROKER_TRANSIT_URL: httpUrl.optional(),
    /** The name of the key in the Transit engine. */
    AUTH_BROKER_TRANSIT_KEY: z.string().optional(),
    /** A file with the token for the Transit engine. It is read before each request. */
    AUTH_BROKER_TRANSIT_TOKEN_FILE: z.string().optional(),
    /** The origin of the gateway, as browsers see it. It is in redirect addresses and in links. */
    MESH_PUBLIC_URL: z
      .string()
      .default('http://127.0.0.1:8080')
      .check(({ value, issues }) => {
        const message = originProblem(value);
        if (message !== undefined) issues.push({ code: 'custom', message, input: undefined });
      }),
    /** Addresses beyond the public internet for JWK sets and providers, separated by commas. */
    EGRESS_ALLOW: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      )
      .default([]),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8084),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'auth-broker', context),
    telemetry: telemetrySettings(
      variables,
      { service: 'auth-broker', environment: variables.MESH_ENVIRONMENT },
      context,
    ),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    environment: variables.MESH_ENVIRONMENT,
    bootstrapKeys: (
      [
        ['AUTH_BROKER_PLATFORM_KEY', 'api'],
        ['AUTH_BROKER_PLATFORM_PUBLISHER', 'publisher'],
      ] as const
    ).flatMap(([variable, use]) => {
      const text = variables[variable];
      return text === undefined
        ? []
        : bootstrapKey(
            { variable, text: text.trim(), use, environment: variables.MESH_ENVIRONMENT },
            context,
          );
    }),
    vault: vaultKeys('AUTH_BROKER', variables, context),
    publicUrl: variables.MESH_PUBLIC_URL,
    egressAllow: variables.EGRESS_ALLOW,
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type AuthBrokerConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment. Throws `ConfigError` with all problems at once. */
export function authBrokerConfig(environment: Environment): AuthBrokerConfig {
  assertNoCredentialDebugging(environment);
  return loadConfig(schema, environment);
}

interface GivenKey {
  readonly variable: string;
  readonly text: string;
  readonly use: KeyUse;
  readonly environment: z.output<typeof environmentSchema>;
}

/** The digest of the key. The text of the key goes no further than here. */
function bootstrapKey(
  { variable, text, use, environment }: GivenKey,
  context: z.RefinementCtx,
): BootstrapKey[] {
  const parts = readKeyText(text);
  const kind = use === 'api' ? 'an API key' : 'a publisher token';
  const fresh = `npm run new-key -- ${use} ${environment}`;
  if (parts?.use !== use) {
    context.addIssue({ code: 'custom', path: [variable], message: `must be ${kind}; ${fresh} makes one` });
    return [];
  }
  if (parts.environment !== environment) {
    context.addIssue({
      code: 'custom',
      path: [variable],
      message: `must be ${kind} of MESH_ENVIRONMENT; ${fresh} makes one`,
    });
    return [];
  }
  return [{ variable, use, id: parts.id, environment, digest: keyDigest(text) }];
}
