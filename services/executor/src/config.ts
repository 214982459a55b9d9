import { environmentSchema } from '@action-mesh/contracts/auth-broker';
import {
  ConfigError,
  durationMs,
  kafkaConnection,
  kafkaVariables,
  loadConfig,
  logLevel,
  port,
  serviceKeyVariables,
  wholeNumber,
  type DeepReadonly,
  type Environment,
} from '@action-mesh/platform';
import { telemetrySettings, telemetryVariables } from '@action-mesh/telemetry';
import { z } from 'zod';

import type { StaticCredential } from './domain/static-credential.js';
import { readStaticCredentials } from './static-credentials.js';

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /** Redis counts limits for all executors together. Without it, each executor counts its share. */
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis or rediss URL' }).optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8082),
    LOG_LEVEL: logLevel.default('info'),
    /** Calls that one process runs at once. */
    EXECUTOR_MAX_IN_FLIGHT: wholeNumber.refine((count) => count >= 1, 'must be at least 1').default(512),
    /** The time that a silent instance keeps its calls. */
    EXECUTOR_LEASE: durationMs.refine((ms) => ms >= 8_000, 'must be at least 8s').default(9_000),
    /** Publisher tokens of other environments do not open `mesh.ingress`. */
    MESH_ENVIRONMENT: environmentSchema.default('dev'),
    /** Hosts, `host:port` pairs and networks outside the public internet that calls may reach, separated by commas. */
    EGRESS_ALLOW: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      )
      .default([]),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'executor', context),
    telemetry: telemetrySettings(
      variables,
      { service: 'executor', environment: variables.MESH_ENVIRONMENT },
      context,
    ),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    host: variables.HOST,
    port: variables.PORT,
    logLevel: variables.LOG_LEVEL,
    maxInFlight: variables.EXECUTOR_MAX_IN_FLIGHT,
    leaseMs: variables.EXECUTOR_LEASE,
    environment: variables.MESH_ENVIRONMENT,
    egressAllow: variables.EGRESS_ALLOW,
  }));

export type ExecutorConfig = DeepReadonly<z.output<typeof schema>> & {
  /** At most one per provider. */
  readonly credentials: readonly StaticCredential[];
};

/** Reads the environment. Throws `ConfigError` with all problems at once. */
export function executorConfig(environment: Environment): ExecutorConfig {
  const { credentials, problems } = readStaticCredentials(environment);
  let config: DeepReadonly<z.output<typeof schema>>;
  try {
    config = loadConfig(schema, environment);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError([...error.problems, ...problems]) : error;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...config, credentials };
}
