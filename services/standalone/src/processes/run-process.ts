import { armCrashPoint } from '@action-mesh/kernel';
import { runMain, type Environment, type RunningService } from '@action-mesh/platform';

import { skewClock } from './skewed-clock.js';

/** Runs one service in a process of its own, for a parent that waits for its address and whose death ends it. */
export async function runProcess(
  start: (environment: Environment) => Promise<RunningService>,
): Promise<void> {
  armCrashPoint(process.env['MESH_CRASH_AT']);
  if (process.env['MESH_CLOCK_SKEW_MS'] !== undefined) skewClock(Number(process.env['MESH_CLOCK_SKEW_MS']));
  process.once('disconnect', () => process.exit(1));
  await runMain(async () => {
    const service = await start(process.env);
    process.send?.({ url: service.url });
    return service;
  });
}
