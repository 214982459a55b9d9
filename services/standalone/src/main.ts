import { startHelp, startOptions } from './start/options.js';
import { PortError, startPorts } from './start/ports.js';

/** What can be known at once is checked before anything heavy is read: words, ports, and whether the data are free. */
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
  const { claimDataFolder, DataFolderInUseError } = await import('@action-mesh/devstack');
  let dataFolder;
  try {
    dataFolder = options.fresh ? undefined : await claimDataFolder();
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    console.error(error.message);
    return 1;
  }
  const [{ runMain }, { startMesh }] = await Promise.all([
    import('@action-mesh/platform'),
    import('./start/start-mesh.js'),
  ]);
  await runMain((signal) => startMesh({ ports, dataFolder, environment: process.env, signal }));
  return undefined;
}

const exitCode = await main(process.argv.slice(2));
if (exitCode !== undefined) process.exitCode = exitCode;
