import { runMain, type Environment, type RunningService } from '@action-mesh/platform';

/** Runs one service in a process of its own. Its parent waits for the address, and the process ends with its parent. */
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
