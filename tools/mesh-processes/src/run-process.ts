import { runMain, type Environment, type RunningService } from '@action-mesh/platform';

/** Runs one service in a process of its own, for a parent that waits for its address and whose death ends it. */
export async function runProcess(
  environment: Environment,
  start: (environment: Environment) => Promise<RunningService>,
): Promise<void> {
  process.once('disconnect', () => process.exit(1));
  await runMain(async () => {
    const service = await start(environment);
    process.send?.({ url: service.url });
    return service;
  });
}
