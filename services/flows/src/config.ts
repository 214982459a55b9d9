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
    /** The folder of flows: a folder per tenant, with one file per flow. Absent: only open runs go on. */
    FLOWS: z
      .string()
      .transform((text) => (text.trim() === '' ? undefined : text))
      .optional(),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8088),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'flows', context),
    telemetry: telemetrySettings(variables, { service: 'flows' }, context),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    folder: variables.FLOWS,
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type FlowsConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment; throws `ConfigError` with all problems at once. */
export function flowsConfig(environment: Environment): FlowsConfig {
  return loadConfig(schema, environment);
}
