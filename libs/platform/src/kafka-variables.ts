import { z } from 'zod';

import { brokerList, flag } from './config-values.js';

/** The variables that say how to reach Kafka; every service has them. Part of its configuration schema. */
export const kafkaVariables = {
  KAFKA_BROKERS: brokerList,
  /** TLS with the system's authorities; NODE_EXTRA_CA_CERTS adds others. */
  KAFKA_TLS: flag.default(false),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      error: 'must be plain, scram-sha-256 or scram-sha-512',
    })
    .optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  /** Put before the name of every topic and group, so that several meshes can share a cluster. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be up to 100 letters, digits, dots, underscores and dashes')
    .optional(),
  /** False runs on the Kafka client as it comes, without the patches of `libs/messaging`. */
  KAFKA_CLIENT_PATCHES: flag.default(true),
};

type KafkaVariables = z.output<z.ZodObject<typeof kafkaVariables>>;

/** How to reach Kafka, in the words of the client. */
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

/** Puts the variables together; reports a mechanism without its credentials to `context`. */
export function kafkaConnection(
  variables: KafkaVariables,
  clientId: string,
  context: z.RefinementCtx,
): KafkaConnection {
  const connection = {
    brokers: variables.KAFKA_BROKERS,
    clientId,
    ...(variables.KAFKA_TOPIC_PREFIX === undefined ? {} : { topicPrefix: variables.KAFKA_TOPIC_PREFIX }),
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
