import { baseUrlProblem } from '@action-mesh/tools';
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

const locations = z
  .string()
  .transform((text) => text.split(',').map((location) => location.trim()))
  .refine(
    (list) => list.every((location) => location !== ''),
    'must be folders or packages, separated by commas',
  );

const providerUrls = z.string().transform((text, context): Record<string, string> => {
  const urls = z.record(z.string(), z.string()).safeParse(parsed(text));
  if (!urls.success) {
    context.addIssue('must be a JSON object of base URLs by provider slug');
    return z.NEVER;
  }
  for (const [slug, url] of Object.entries(urls.data)) {
    const problem = baseUrlProblem(url);
    if (problem !== undefined) context.addIssue(`the URL of "${slug}" ${problem}`);
  }
  return Object.fromEntries(Object.entries(urls.data).map(([slug, url]) => [slug, url.replace(/\/+$/, '')]));
});

const schema = z
  .object({
    ...kafkaVariables,
    ...telemetryVariables,
    ...serviceKeyVariables,
    /** Folders (`./tools`, `/srv/tools`) and packages (`@acme/tools`) with tools, separated by commas. */
    CATALOG_TOOLS: locations,
    /** Base URLs that replace the defined ones: `{"crm":"https://crm.staging.example.com"}`. */
    CATALOG_PROVIDER_URLS: providerUrls.default({}),
    /** The name of this deployment of tools. Toolkits belong to the deployment that published them first. */
    CATALOG_OWNER: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9._-]{0,99}$/i,
        'must be 1 to 100 letters, digits, dots, hyphens and underscores',
      )
      .default('default'),
    /** Confirms the withdrawal of this deployment's tools that no source defines any more. */
    CATALOG_WITHDRAW: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
    /** Addresses that executors may reach beside the public internet. The publication names tools beyond them. */
    EGRESS_ALLOW: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      )
      .default([]),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' }),
    /**
     * `development` replaces a version whose definition changed, and lets callers follow the channel `latest`.
     * `production` refuses both.
     */
    CATALOG_MODE: z
      .enum(['production', 'development'], { error: 'must be production or development' })
      .default('production'),
    /** The port of the internal API and of health; 0 lets the system choose. */
    PORT: port.default(8081),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, 'catalog', context),
    telemetry: telemetrySettings(variables, { service: 'catalog' }, context),
    serviceKey: variables.MESH_SERVICE_KEY,
    toolLocations: variables.CATALOG_TOOLS,
    providerUrls: variables.CATALOG_PROVIDER_URLS,
    mode: variables.CATALOG_MODE,
    egressAllow: variables.EGRESS_ALLOW,
    owner: variables.CATALOG_OWNER,
    mayWithdraw: variables.CATALOG_WITHDRAW === 'yes',
    databaseUrl: variables.DATABASE_URL,
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type CatalogConfig = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment. Throws `ConfigError` with all problems at once. */
export function catalogConfig(environment: Environment): CatalogConfig {
  return loadConfig(schema, environment);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
