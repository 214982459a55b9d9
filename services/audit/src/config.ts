import { readFileSync } from 'node:fs';

import {
  flag,
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
import { environmentSchema } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

import { ChainPublicKeys, ChainSigner } from './domain/signing-keys.js';

/** Kafka keeps dead letters for 90 days. An entry that is gone while its record may come again would be recorded twice. */
const shortestRetentionDays = 91;

const schema = z
  .object({
    ...kafkaVariables,
    ...serviceKeyVariables,
    ...telemetryVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /** Publisher tokens of other environments open no chain. */
    MESH_ENVIRONMENT: environmentSchema.default('dev'),
    /** The Ed25519 key that signs checkpoints: 32 bytes in base64url. */
    AUDIT_SIGNING_KEY: z.string().optional(),
    /** A file with the same content. */
    AUDIT_SIGNING_KEY_FILE: z.string().optional(),
    /** Public keys of former signing keys, separated by commas. */
    AUDIT_FORMER_PUBLIC_KEYS: z.string().default(''),
    /** Whether the history keeps arguments, results and thoughts. With `false`, the chain has their digests only. */
    AUDIT_KEEP_CONTENT: flag.default(true),
    /** Entries are deleted after this time; 0 keeps them for ever. */
    AUDIT_RETENTION_DAYS: wholeNumber.default(0),
    /** A file to which audit appends a signed checkpoint of each changed chain every minute. */
    AUDIT_CHECKPOINTS_FILE: z.string().optional(),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8086),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'audit', context),
    telemetry: telemetrySettings(variables, { service: 'audit' }, context),
    serviceKey: variables.MESH_SERVICE_KEY,
    databaseUrl: variables.DATABASE_URL,
    environment: variables.MESH_ENVIRONMENT,
    signingKey: signingKey(variables, context),
    formerPublicKeys: publicKeys(variables.AUDIT_FORMER_PUBLIC_KEYS, context),
    keepContent: variables.AUDIT_KEEP_CONTENT,
    retentionDays: retention(variables.AUDIT_RETENTION_DAYS, context),
    checkpointsFile: variables.AUDIT_CHECKPOINTS_FILE,
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type AuditConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment; throws `ConfigError` with all problems at once. */
export function auditConfig(environment: Environment): AuditConfig {
  return loadConfig(schema, environment);
}

function signingKey(
  given: {
    readonly AUDIT_SIGNING_KEY?: string | undefined;
    readonly AUDIT_SIGNING_KEY_FILE?: string | undefined;
  },
  context: z.RefinementCtx,
): string {
  const { AUDIT_SIGNING_KEY: text, AUDIT_SIGNING_KEY_FILE: file } = given;
  if ((text === undefined) === (file === undefined))
    return refuse(
      context,
      'AUDIT_SIGNING_KEY',
      'or AUDIT_SIGNING_KEY_FILE is required, and not both; `npm run new-key -- audit` prints a key',
    );
  try {
    const key = (text ?? readFileSync(file ?? '', 'utf8')).trim();
    new ChainSigner(key);
    return key;
  } catch (error) {
    return text === undefined && !(error instanceof RangeError)
      ? refuse(context, 'AUDIT_SIGNING_KEY_FILE', 'names a file that cannot be read')
      : refuse(
          context,
          text === undefined ? 'AUDIT_SIGNING_KEY_FILE' : 'AUDIT_SIGNING_KEY',
          'must hold 32 bytes in base64url, as `npm run new-key -- audit` prints them',
        );
  }
}

function publicKeys(text: string, context: z.RefinementCtx): readonly string[] {
  const keys = text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  try {
    new ChainPublicKeys(keys);
    return keys;
  } catch {
    refuse(context, 'AUDIT_FORMER_PUBLIC_KEYS', 'must hold public keys of 32 bytes in base64url');
    return [];
  }
}

function retention(days: number, context: z.RefinementCtx): number {
  if (days !== 0 && days < shortestRetentionDays)
    refuse(context, 'AUDIT_RETENTION_DAYS', `must be 0 or at least ${shortestRetentionDays}`);
  return days;
}

function refuse(context: z.RefinementCtx, variable: string, message: string): string {
  context.addIssue({ code: 'custom', path: [variable], message });
  return '';
}
