import { readCommandLine } from '@action-mesh/platform/command';

import { startHelp, startOptions } from './start/options.js';
import { PortError, startPorts } from './start/ports.js';

/** Checks the command line, the ports and the data folder before it loads the services. */
async function main(): Promise<number | undefined> {
  const options = readCommandLine({ help: startHelp, read: startOptions });
  if (typeof options === 'number') return options;
  let ports;
  try {
    ports = await startPorts(process.env['PORT'], process.env['HOST']?.trim() || '127.0.0.1');
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    console.error(error.message);
    return error.isUsage ? 2 : 1;
  }
  const { claimData } = await import('./start/claim.js');
  const dataFolder = options.fresh ? undefined : await claimData();
  if (typeof dataFolder === 'string') {
    console.error(dataFolder);
    return 1;
  }
  const { runMesh } = await import('./start/start-mesh.js');
  await runMesh({ ports, dataFolder, environment: process.env });
  return undefined;
}

const exitCode = await main();
if (exitCode !== undefined) process.exitCode = exitCode;
