import { mkdir } from 'node:fs/promises';
import type { Checkout } from '../checkout.js';
import { InfrastructureMissingError } from '../devstack.errors.js';
import { sweepDeadRuns } from '../run/run-record.js';
import { Run } from '../run/run.js';
import { installKafka } from './kafka-distribution.js';
import { KafkaServer } from './kafka-server.js';
import type { KafkaServerOptions } from './kafka-server.js';
import { isReachableByAll, serverUser } from './postgres-binaries.js';
import type { Programs } from './programs.js';

/** Starts a run for native servers. Before that it clears away the remains of dead runs of this checkout. */
export async function startNativeRun(
  checkout: Checkout,
  environment: Readonly<NodeJS.ProcessEnv>,
  keeps?: string,
): Promise<Run> {
  await mkdir(checkout.runsFolder, { recursive: true });
  await sweepDeadRuns(checkout.runsFolder);
  const sharedOutside = serverUser() !== undefined && !isReachableByAll(checkout.runsFolder);
  return await Run.start(checkout, { environment, sharedOutside, ...(keeps !== undefined && { keeps }) });
}

/** Installs Kafka if it is missing, and starts a broker. */
export async function startNativeKafka(
  checkout: Checkout,
  run: Run,
  programs: Programs,
  report: (line: string) => void,
  options: Pick<KafkaServerOptions, 'advertisedPort' | 'properties' | 'kept'> = {},
): Promise<KafkaServer> {
  const distribution = await installKafka(checkout, run, programs, report);
  const java = programs.java?.path;
  if (java === undefined) throw new InfrastructureMissingError('Kafka needs Java');
  return await KafkaServer.start(run, { ...options, checkout, distribution, java });
}
