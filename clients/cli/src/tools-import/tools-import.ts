import { errorMessage } from '@action-mesh/kernel';

import { importHelp } from './help.js';
import { importCommand } from './options.js';
import { writeLine } from './write-line.js';

/** Runs `mesh tools import` with the arguments after its name. Resolves with the exit code of the process. */
export async function importTools(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let command;
  try {
    command = importCommand(words, environment);
  } catch (error) {
    console.error(`${errorMessage(error)}\n(npm run import -- --help explains all options)`);
    return 2;
  }
  if (command.kind === 'help') return writeLine(process.stdout, importHelp).then(() => 0);
  // Imported after the arguments are checked, because loading the importer takes a second.
  const [{ readDocumentFile }, { fetchGuarded }, { runImport }, { storeTools }] = await Promise.all([
    import('./document-source.js'),
    import('./fetch-guarded.js'),
    import('./run-import.js'),
    import('./tool-storage.js'),
  ]);
  const { gateway, egressAllow } = command;
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: (url) => fetchGuarded(url, egressAllow),
    ...(gateway && { store: (result, source) => storeTools(gateway, result, source) }),
    say: console.error,
    print: (text) => writeLine(process.stdout, text),
  });
}
