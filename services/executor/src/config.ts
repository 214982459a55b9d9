import { apiKeyVariable } from '@action-mesh/admission';
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
import { z } from 'zod';

import type { StaticCredential } from './domain/static-credential.js';
import { readStaticCredentials } from './static-credentials.js';

const schema = z
  .object({
    ...kafkaVariables,
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
    /** The API key of publishers to `mesh.ingress`. */
    EXECUTOR_PUBLISHER_KEY: apiKeyVariable,
    /** The tenant of the calls on `mesh.ingress`. */
    EXECUTOR_TENANT: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters without spaces')
      .default('default'),
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
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    host: variables.HOST,
    port: variables.PORT,
    logLevel: variables.LOG_LEVEL,
    maxInFlight: variables.EXECUTOR_MAX_IN_FLIGHT,
    leaseMs: variables.EXECUTOR_LEASE,
    publisherKey: variables.EXECUTOR_PUBLISHER_KEY,
    tenantId: variables.EXECUTOR_TENANT,
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
