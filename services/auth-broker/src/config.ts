import {
  kafkaConnection,
  kafkaVariables,
  loadConfig,
  logLevel,
  port,
  type DeepReadonly,
  type Environment,
} from '@action-mesh/platform';
import { z } from 'zod';

const schema = z
  .object({
    ...kafkaVariables,
    /** Where health is answered; 0 lets the system choose. */
    PORT: port.default(8084),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'auth-broker', context),
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type AuthBrokerConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment; throws `ConfigError` with all problems at once. */
export function authBrokerConfig(environment: Environment): AuthBrokerConfig {
  return loadConfig(schema, environment);
}
