import type { CliWorld } from '../world.js';
import { importHelp } from './help.js';
import { importCommand } from './options.js';
import { writeLine } from './write-line.js';

/**
 * Runs `mesh tools import` with the arguments after its name. Resolves with the exit code of the process. Throws
 * `ImportUsageError`.
 */
export async function importTools(
  words: readonly string[],
  { environment, stdout, stderr }: Pick<CliWorld, 'environment' | 'stdout' | 'stderr'>,
): Promise<number> {
  const command = importCommand(words, environment);
  if (command.kind === 'help') return writeLine(stdout, importHelp).then(() => 0);
  // Imported after the arguments are checked, because loading the importer takes a second.
  const { readDocumentFile } = await import('./document-source.js');
  const { fetchGuarded } = await import('./fetch-guarded.js');
  const { runImport } = await import('./run-import.js');
  const { storeTools } = await import('./tool-storage.js');
  const { gateway, egressAllow } = command;
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: (url) => fetchGuarded(url, egressAllow),
    ...(gateway && { store: (result, source) => storeTools(gateway, result, source) }),
    say: (line) => void stderr.write(`${line}\n`),
    print: (text) => writeLine(stdout, text),
  });
}
