import { catalogConfig, startCatalog } from '@action-mesh/catalog';
import { executorConfig, startExecutor } from '@action-mesh/executor';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { armCrashPoint } from '@action-mesh/kernel';
import { runMain, type Environment, type RunningService } from '@action-mesh/platform';
import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';

import { skewClock } from './skewed-clock.js';

const starters: Readonly<Record<string, (environment: Environment) => Promise<RunningService>>> = {
  catalog: (environment) => startCatalog(catalogConfig(environment)),
  executor: (environment) => startExecutor(executorConfig(environment)),
  gateway: (environment) => startGateway(gatewayConfig(environment)),
  'rate-governor': (environment) => startRateGovernor(rateGovernorConfig(environment)),
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
