import { fileURLToPath } from 'node:url';

import { catalogConfig, startCatalog } from '@action-mesh/catalog';
import { startDevstack } from '@action-mesh/devstack';
import { executorConfig, startExecutor } from '@action-mesh/executor';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { runMain, OpenResources, type RunningService } from '@action-mesh/platform';
import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';
import { startProviderSimulator } from '@action-mesh/testing';

import { developmentKey } from './development-key.js';

/** Everything on this machine, in one process: infrastructure, services, the example tools and a provider for them. */
async function startEverything(signal: AbortSignal): Promise<RunningService> {
  const open = new OpenResources();
  try {
    const devstack = open.use(await startDevstack({ report: (line) => console.log(line), signal }));
    const provider = open.use(await startProviderSimulator());
    const shared = { LOG_LEVEL: 'warn', KAFKA_BROKERS: devstack.kafkaBrokers.join(','), ...process.env };
    const tools = fileURLToPath(new URL('./demo/tools', import.meta.url));
    const providerUrls = { sim_enrich: provider.url, sim_crm: provider.url, sim_slack: provider.url };
    const executor = open.use(
      await startExecutor(
        executorConfig({
          DATABASE_URL: devstack.databaseUrl,
          EGRESS_ALLOW: new URL(provider.url).host,
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
          CATALOG_TOOLS: tools,
          CATALOG_PROVIDER_URLS: JSON.stringify(providerUrls),
          CATALOG_MODE: 'development',
          DATABASE_URL: devstack.databaseUrl,
          ...shared,
          PORT: '0',
        }),
      ),
    );
    const gateway = open.use(
      await startGateway(
        gatewayConfig({
          ...shared,
          CATALOG_URL: catalog.url,
          EXECUTOR_URL: executor.url,
          RATE_GOVERNOR_URL: rateGovernor.url,
        }),
      ),
    );
    console.log(welcome(gateway.url, catalog.url));
    const close = (): Promise<void> => open.close();
    return { name: 'standalone', url: gateway.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await open.close();
    throw error;
  }
}

function welcome(url: string, catalogUrl: string): string {
  return `
Action Mesh takes calls at ${url}. Try:

  curl -s ${url}/v1/tools/enrich_lead/execute \\
    -H 'Authorization: Bearer ${developmentKey}' -H 'Content-Type: application/json' \\
    -H 'Idempotency-Key: first-try' \\
    -d '{"user_id":"ada","arguments":{"email":"ada@example.com"}}'

The catalog is at ${catalogUrl}. Tools from an OpenAPI document:

  CATALOG_URL=${catalogUrl} npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select tag:issues

Ctrl-C drains and stops everything.
`;
}

await runMain(startEverything);
