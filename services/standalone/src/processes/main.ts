import { armCrashPoint } from '@action-mesh/kernel';
import { runMain, type Environment, type RunningService } from '@action-mesh/platform';

import { skewClock } from './skewed-clock.js';

/** Each loads its own service alone, as in a deployment. */
const starters: Readonly<Record<string, (environment: Environment) => Promise<RunningService>>> = {
  catalog: async (environment) => {
    const { catalogConfig, startCatalog } = await import('@action-mesh/catalog');
    return startCatalog(catalogConfig(environment));
  },
  executor: async (environment) => {
    const { executorConfig, startExecutor } = await import('@action-mesh/executor');
    return startExecutor(executorConfig(environment));
  },
  gateway: async (environment) => {
    const { gatewayConfig, startGateway } = await import('@action-mesh/gateway');
    return startGateway(gatewayConfig(environment));
  },
  'rate-governor': async (environment) => {
    const { rateGovernorConfig, startRateGovernor } = await import('@action-mesh/rate-governor');
    return startRateGovernor(rateGovernorConfig(environment));
  },
};

// One service in a process of its own, for a parent that waits for its address and whose death ends it.
armCrashPoint(process.env['MESH_CRASH_AT']);
if (process.env['MESH_CLOCK_SKEW_MS'] !== undefined) skewClock(Number(process.env['MESH_CLOCK_SKEW_MS']));
process.once('disconnect', () => process.exit(1));
await runMain(async () => {
  const name = process.argv[2] ?? '';
  const start = starters[name];
  if (start === undefined) throw new Error(`there is no service "${name}"`);
  const service = await start(process.env);
  process.send?.({ url: service.url });
  return service;
});
