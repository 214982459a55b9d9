import {
  httpUrl,
  kafkaConnection,
  kafkaVariables,
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

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /** The key-encryption keys of stored secrets: `<kid>:<base64 of 32 bytes>`, the current one first. */
    WEBHOOKS_KEYS: z.string().optional(),
    /** A file with the same content. */
    WEBHOOKS_KEYS_FILE: z.string().optional(),
    /** A Transit engine of Vault or OpenBao that holds the key-encryption key, in place of WEBHOOKS_KEYS. */
    WEBHOOKS_TRANSIT_URL: httpUrl.optional(),
    /** The name of the key in the Transit engine. */
    WEBHOOKS_TRANSIT_KEY: z.string().optional(),
    /** A file with the token for the Transit engine. It is read before each request. */
    WEBHOOKS_TRANSIT_TOKEN_FILE: z.string().optional(),
    /** Addresses beyond the public internet for webhook endpoints, separated by commas. */
    EGRESS_ALLOW: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      )
      .default([]),
    /** The origin of the gateway as other systems see it. Addresses of triggers begin with it. */
    MESH_PUBLIC_URL: httpUrl.default('http://127.0.0.1:8080'),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8085),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'webhooks', context),
    telemetry: telemetrySettings(variables, { service: 'webhooks' }, context),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    vault: vaultKeys('WEBHOOKS', variables, context),
    egressAllow: variables.EGRESS_ALLOW,
    publicUrl: variables.MESH_PUBLIC_URL.replace(/\/$/, ''),
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type WebhooksConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment; throws `ConfigError` with all problems at once. */
export function webhooksConfig(environment: Environment): WebhooksConfig {
  return loadConfig(schema, environment);
}
