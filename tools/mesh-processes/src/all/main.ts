import { auditConfig, startAudit } from '@action-mesh/audit';
import { authBrokerConfig, startAuthBroker } from '@action-mesh/auth-broker';
import { catalogConfig, startCatalog } from '@action-mesh/catalog';
import { executorConfig, startExecutor } from '@action-mesh/executor';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { RecordHandover, withHandover } from '@action-mesh/messaging';
import { OpenResources, type Environment, type RunningService } from '@action-mesh/platform';
import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';
import { startWebhooks, webhooksConfig } from '@action-mesh/webhooks';

import { runProcess } from '../run-process.js';

/** Starts all services in this process, as `npm start` does. The environment sets the gateway's port. */
async function startAll(environment: Environment, open: OpenResources): Promise<RunningService> {
  const inside = { ...environment, PORT: '0' };
  const handover = new RecordHandover();
  const authBroker = open.use(await startAuthBroker(authBrokerConfig(inside)));
  const executor = open.use(await startExecutor(withHandover(executorConfig(inside), handover)));
  const rateGovernor = open.use(await startRateGovernor(rateGovernorConfig(inside)));
  const webhooks = open.use(await startWebhooks(webhooksConfig(inside)));
  const audit = open.use(await startAudit(auditConfig(inside)));
  const catalog = open.use(await startCatalog(catalogConfig(inside)));
  const urls = {
    AUTH_BROKER_URL: authBroker.url,
    CATALOG_URL: catalog.url,
    EXECUTOR_URL: executor.url,
    RATE_GOVERNOR_URL: rateGovernor.url,
    WEBHOOKS_URL: webhooks.url,
    AUDIT_URL: audit.url,
  };
  const gateway = open.use(
    await startGateway(withHandover(gatewayConfig({ ...environment, ...urls }), handover)),
  );
  const close = (): Promise<void> => open.close();
  return { name: 'all', url: gateway.url, close, [Symbol.asyncDispose]: close };
}

await runProcess(process.env, async (environment) => {
  const open = new OpenResources();
  try {
    return await startAll(environment, open);
  } catch (error) {
    await open.close().catch(() => undefined);
    throw error;
  }
});
