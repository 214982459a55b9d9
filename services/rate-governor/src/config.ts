import {
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
import { z } from 'zod';

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /** JSON files and packages with the operator's limits, separated by commas. Absent: no limits. */
    RATE_GOVERNOR_LIMITS: z.string().default(''),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8083),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'rate-governor', context),
    telemetry: telemetrySettings(variables, { service: 'rate-governor' }, context),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    limitPlaces: variables.RATE_GOVERNOR_LIMITS.split(',')
      .map((place) => place.trim())
      .filter((place) => place !== ''),
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type RateGovernorConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment. Throws `ConfigError` with all problems at once. */
export function rateGovernorConfig(environment: Environment): RateGovernorConfig {
  return loadConfig(schema, environment);
}
