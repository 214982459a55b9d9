import { defined } from '@action-mesh/kernel';
import { z } from 'zod';

import { brokerList, flag } from './config-values.js';

/** The variables for the connection to Kafka. They are part of every service's configuration schema. */
export const kafkaVariables = {
  KAFKA_BROKERS: brokerList,
  /** Whether to use TLS, with the system's authorities. NODE_EXTRA_CA_CERTS adds others. */
  KAFKA_TLS: flag.default(false),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      error: 'must be plain, scram-sha-256 or scram-sha-512',
    })
    .optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  /** The prefix of every topic and group, so several meshes can share a cluster. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be up to 100 letters, digits, dots, underscores and dashes')
    .optional(),
  /** `false` runs the Kafka client without the patches of `libs/messaging`. */
  KAFKA_CLIENT_PATCHES: flag.default(true),
};

type KafkaVariables = z.output<z.ZodObject<typeof kafkaVariables>>;

/** The options of the Kafka client for a connection. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly topicPrefix?: string;
  readonly patches?: false;
  readonly ssl?: true;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** Builds the client's options from the variables. Reports a mechanism without credentials to `context`. */
export function kafkaConnection(
  variables: KafkaVariables,
  clientId: string,
  context: z.RefinementCtx,
): KafkaConnection {
  const connection = {
    brokers: variables.KAFKA_BROKERS,
    clientId,
    ...defined({ topicPrefix: variables.KAFKA_TOPIC_PREFIX }),
    ...(variables.KAFKA_TLS ? { ssl: true as const } : {}),
    ...(variables.KAFKA_CLIENT_PATCHES ? {} : { patches: false as const }),
  };
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = variables;
  if (mechanism === undefined) return connection;
  for (const name of ['KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const) {
    if (variables[name] === undefined) {
      context.addIssue({ code: 'custom', path: [name], message: 'is required with KAFKA_SASL_MECHANISM' });
    }
  }
  return { ...connection, sasl: { mechanism, username: username ?? '', password: password ?? '' } };
}
