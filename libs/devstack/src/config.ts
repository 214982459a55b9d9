/** The settings of the infrastructure in the environment. */
export interface DevstackConfig {
  /** Addresses of existing servers. They replace any server that could be started. */
  readonly given: {
    readonly kafkaBrokers?: readonly string[];
    readonly databaseUrl?: string;
    readonly redisUrl?: string;
  };
  /** The folder for runs, jars and the record of the background stack. @default `.mesh` in the checkout */
  readonly stateFolder?: string;
  /** The environment of child processes. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/**
 * Reads KAFKA_BROKERS (comma separated), DATABASE_URL, REDIS_URL and MESH_STACK_FOLDER (absolute); empty values count
 * as absent.
 */
export function readConfig(environment: Readonly<NodeJS.ProcessEnv> = process.env): DevstackConfig {
  const brokers = (environment['KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  const databaseUrl = environment['DATABASE_URL']?.trim();
  const redisUrl = environment['REDIS_URL']?.trim();
  const stateFolder = environment['MESH_STACK_FOLDER']?.trim();
  return {
    ...(stateFolder && { stateFolder }),
    given: {
      ...(brokers.length > 0 && { kafkaBrokers: brokers }),
      ...(databaseUrl && { databaseUrl }),
      ...(redisUrl && { redisUrl }),
    },
    environment,
  };
}
