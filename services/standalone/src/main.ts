import { startHelp, startOptions } from './start/options.js';
import { PortError, startPorts } from './start/ports.js';

/** Checks the command line, the ports and the data folder before it loads the services. */
async function main(words: readonly string[]): Promise<number | undefined> {
  let options;
  try {
    options = startOptions(words);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${startHelp}`);
    return 2;
  }
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
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

const exitCode = await main(process.argv.slice(2));
if (exitCode !== undefined) process.exitCode = exitCode;
