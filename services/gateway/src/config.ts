import { environmentSchema } from '@action-mesh/contracts/auth-broker';
import {
  durationMs,
  httpUrl,
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

/** Only this machine may offer tokens without TLS. */
const authorizationServers = z
  .string()
  .default('')
  .transform((text, context) => {
    const urls = text.split(',').flatMap((part) => (part.trim() === '' ? [] : part.trim()));
    for (const url of urls) {
      const parsed = URL.canParse(url) ? new URL(url) : undefined;
      if (parsed?.protocol === 'https:') continue;
      if (parsed?.protocol === 'http:' && isLoopback(parsed.hostname.replace(/^\[|\]$/g, ''))) continue;
      context.addIssue({ code: 'custom', message: 'must be https URLs, separated by commas' });
      return z.NEVER;
    }
    return urls;
  });

/** Every stream is a connection, and a service has at most 4,096 of them. */
const streamCount = wholeNumber.refine((count) => count >= 1 && count <= 3_500, 'must be 1 to 3500');

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8080),
    LOG_LEVEL: logLevel.default('info'),
    /** The address of the executor's internal API. */
    EXECUTOR_URL: httpUrl.default('http://127.0.0.1:8082'),
    /** The address of the catalog, which keeps toolkits and overrides. */
    CATALOG_URL: httpUrl.default('http://127.0.0.1:8081'),
    /** The address of the rate governor, which keeps the limits. */
    RATE_GOVERNOR_URL: httpUrl.default('http://127.0.0.1:8083'),
    /** The address of the auth broker, which keeps tenants, keys and kill switches. */
    AUTH_BROKER_URL: httpUrl.default('http://127.0.0.1:8084'),
    /** The address of the webhooks service, which keeps triggers. */
    WEBHOOKS_URL: httpUrl.default('http://127.0.0.1:8085'),
    /** The address of the service for flows. */
    FLOWS_URL: httpUrl.default('http://127.0.0.1:8088'),
    /** The address of audit, which keeps the history. */
    AUDIT_URL: httpUrl.default('http://127.0.0.1:8086'),
    /** The origin of this gateway as callers see it. Some of them sign it, and its OpenAPI document names it. */
    MESH_PUBLIC_URL: httpUrl.default('http://127.0.0.1:8080'),
    /** Keys of other environments do not open this gateway. */
    MESH_ENVIRONMENT: environmentSchema.default('dev'),
    /**
     * The issuers of access tokens for `/mcp`, as MCP hosts find them (RFC 9728). Empty: hosts use keys and tokens of
     * tenants.
     */
    GATEWAY_AUTHORIZATION_SERVERS: authorizationServers,
    /** The wait of a caller without a preference. */
    GATEWAY_WAIT: durationMs.default(30_000),
    /** The longest wait that a caller may ask for. */
    GATEWAY_WAIT_MAX: durationMs.default(120_000),
    /** The time limit for the log to confirm a record. Afterwards the caller gets an error. */
    GATEWAY_ACCEPT_TIMEOUT: durationMs.refine((ms) => ms >= 100, 'must be at least 100ms').default(5_000),
    /** The most calls of one tenant without an outcome, in this gateway. */
    GATEWAY_TENANT_BACKLOG: wholeNumber
      .refine((count) => count >= 1 && count <= 1_000_000, 'must be 1 to 1000000')
      .default(2_000),
    /** The most open streams of outcomes of this gateway, and of one tenant in it. The same bounds hold for MCP requests. */
    GATEWAY_STREAMS: streamCount.default(2_000),
    GATEWAY_TENANT_STREAMS: streamCount.default(1_000),
    /** The time that callers may still wait when the gateway stops. Afterwards they get the address of their call. */
    GATEWAY_DRAIN: durationMs.default(10_000),
  })
  .check(({ value, issues }) => {
    if (value.MESH_ENVIRONMENT !== 'dev' || isLoopback(value.HOST)) return;
    const message =
      'is dev, and HOST lets other machines reach this gateway; set MESH_ENVIRONMENT to test or live, or HOST to 127.0.0.1';
    issues.push({ code: 'custom', path: ['MESH_ENVIRONMENT'], message, input: undefined });
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'gateway', context),
    telemetry: telemetrySettings(
      variables,
      { service: 'gateway', environment: variables.MESH_ENVIRONMENT },
      context,
    ),
    serviceKey: variables.MESH_SERVICE_KEY,
    host: variables.HOST,
    port: variables.PORT,
    logLevel: variables.LOG_LEVEL,
    executorUrl: variables.EXECUTOR_URL,
    catalogUrl: variables.CATALOG_URL,
    rateGovernorUrl: variables.RATE_GOVERNOR_URL,
    authBrokerUrl: variables.AUTH_BROKER_URL,
    webhooksUrl: variables.WEBHOOKS_URL,
    auditUrl: variables.AUDIT_URL,
    flowsUrl: variables.FLOWS_URL,
    publicUrl: variables.MESH_PUBLIC_URL.replace(/\/$/, ''),
    environment: variables.MESH_ENVIRONMENT,
    authorizationServers: variables.GATEWAY_AUTHORIZATION_SERVERS,
    waitMs: Math.min(variables.GATEWAY_WAIT, variables.GATEWAY_WAIT_MAX),
    maxWaitMs: variables.GATEWAY_WAIT_MAX,
    acceptTimeoutMs: variables.GATEWAY_ACCEPT_TIMEOUT,
    tenantBacklog: variables.GATEWAY_TENANT_BACKLOG,
    maxStreams: variables.GATEWAY_STREAMS,
    maxStreamsOfTenant: variables.GATEWAY_TENANT_STREAMS,
    drainMs: variables.GATEWAY_DRAIN,
  }));

export type GatewayConfig = DeepReadonly<z.output<typeof schema>>;

/** Whether only programs on this machine can reach the address. A name other than `localhost` may lead anywhere. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Reads the environment; throws `ConfigError` with all problems at once. */
export function gatewayConfig(environment: Environment): GatewayConfig {
  return loadConfig(schema, environment);
}
