import { fileURLToPath } from 'node:url';

import { newApiKey } from '@action-mesh/admission';
import { catalogConfig, startCatalog } from '@action-mesh/catalog';
import { startDevstack } from '@action-mesh/devstack';
import { executorConfig, startExecutor } from '@action-mesh/executor';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { runMain, OpenResources, type RunningService } from '@action-mesh/platform';
import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';
import { startProviderSimulator } from '@action-mesh/testing';

const demoTools = fileURLToPath(new URL('./demo/tools', import.meta.url));

/**
 * Everything on this machine, in one process: infrastructure, services, a provider, and the example tools for it, unless
 * CATALOG_TOOLS names others.
 */
async function startEverything(signal: AbortSignal): Promise<RunningService> {
  const open = new OpenResources();
  try {
    const devstack = open.use(await startDevstack({ report: (line) => console.log(line), signal }));
    const provider = open.use(await startProviderSimulator());
    const apiKey = process.env['GATEWAY_API_KEY']?.trim() || newApiKey();
    const shared = { LOG_LEVEL: 'warn', KAFKA_BROKERS: devstack.kafkaBrokers.join(','), ...process.env };
    // A variable that is set to nothing counts as not set.
    const isDemo = (process.env['CATALOG_TOOLS'] ?? '').trim() === '';
    const executor = open.use(
      await startExecutor(
        executorConfig({
          DATABASE_URL: devstack.databaseUrl,
          EGRESS_ALLOW: new URL(provider.url).host,
          EXECUTOR_PUBLISHER_KEY: apiKey,
          ...(devstack.redisUrl === undefined ? {} : { REDIS_URL: devstack.redisUrl }),
          ...shared,
          PORT: '0',
        }),
      ),
    );
    const rateGovernor = open.use(
      await startRateGovernor(
        rateGovernorConfig({ DATABASE_URL: devstack.databaseUrl, ...shared, PORT: '0' }),
      ),
    );
    const catalog = open.use(
      await startCatalog(
        catalogConfig({
          ...(isDemo ? { CATALOG_PROVIDER_URLS: demoProviderUrls(provider.url) } : {}),
          CATALOG_MODE: 'development',
          DATABASE_URL: devstack.databaseUrl,
          ...shared,
          ...(isDemo ? { CATALOG_TOOLS: demoTools } : {}),
          PORT: '0',
        }),
      ),
    );
    const gateway = open.use(
      await startGateway(
        gatewayConfig({
          ...shared,
          GATEWAY_API_KEY: apiKey,
          CATALOG_URL: catalog.url,
          EXECUTOR_URL: executor.url,
          RATE_GOVERNOR_URL: rateGovernor.url,
        }),
      ),
    );
    console.log(welcome({ url: gateway.url, catalogUrl: catalog.url, apiKey, isDemo }));
    const close = (): Promise<void> => open.close();
    return { name: 'standalone', url: gateway.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await open.close();
    throw error;
  }
}

function demoProviderUrls(url: string): string {
  return JSON.stringify({ sim_enrich: url, sim_crm: url, sim_slack: url });
}

interface Started {
  readonly url: string;
  readonly catalogUrl: string;
  readonly apiKey: string;
  readonly isDemo: boolean;
}

function welcome({ url, catalogUrl, apiKey, isDemo }: Started): string {
  return `
Action Mesh takes calls at ${url}. Try:

${isDemo ? firstCall(url, apiKey) : firstList(url, apiKey)}

The catalog is at ${catalogUrl}. Tools from an OpenAPI document:

  CATALOG_URL=${catalogUrl} npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select tag:issues

Ctrl-C drains and stops everything.
`;
}

function firstCall(url: string, apiKey: string): string {
  return `  curl -s ${url}/v1/tools/enrich_lead/execute \\
    -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\
    -H 'Idempotency-Key: first-try' \\
    -d '{"user_id":"ada","arguments":{"email":"ada@example.com"}}'`;
}

function firstList(url: string, apiKey: string): string {
  return `  curl -s '${url}/v1/tools?limit=5' -H 'Authorization: Bearer ${apiKey}'`;
}

await runMain(startEverything);
