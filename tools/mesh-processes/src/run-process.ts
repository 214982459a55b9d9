import { armCrashPoint } from '@action-mesh/kernel';
import { runMain, type Environment, type RunningService } from '@action-mesh/platform';

import { skewClock } from './skewed-clock.js';

/** Runs one service in a process of its own, for a parent that waits for its address and whose death ends it. */
export async function runProcess(
  environment: Environment,
  start: (environment: Environment) => Promise<RunningService>,
): Promise<void> {
  armCrashPoint(environment['MESH_CRASH_AT']);
  const skewMs = environment['MESH_CLOCK_SKEW_MS'];
  if (skewMs !== undefined) skewClock(Number(skewMs));
  process.once('disconnect', () => process.exit(1));
  await runMain(async () => {
    const service = await start(environment);
    process.send?.({ url: service.url });
    return service;
  });
}
