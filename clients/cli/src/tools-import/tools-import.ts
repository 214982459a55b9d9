import { errorMessage } from '@action-mesh/kernel';

import { importHelp } from './help.js';
import { importCommand } from './options.js';
import { writeLine } from './write-line.js';

async function main(): Promise<number> {
  let command;
  try {
    command = importCommand(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${errorMessage(error)}\n(npm run import -- --help explains all options)`);
    return 2;
  }
  if (command.kind === 'help') return writeLine(process.stdout, importHelp).then(() => 0);
  // Not before the words are known to be right: the importer takes a second to read.
  const [{ readDocumentFile }, { fetchGuarded }, { runImport }, { storeTools }] = await Promise.all([
    import('./document-source.js'),
    import('./fetch-guarded.js'),
    import('./run-import.js'),
    import('./tool-storage.js'),
  ]);
  const { catalogUrl, egressAllow } = command;
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: (url) => fetchGuarded(url, egressAllow),
    ...(catalogUrl && { store: (result, source) => storeTools(catalogUrl, result, source) }),
    say: console.error,
    print: (text) => writeLine(process.stdout, text),
  });
}

// Nobody reads the progress any more (`2>&1 | head -1`): the import goes on without.
process.stderr.on('error', () => undefined);
// Nothing here needs to be undone: an interrupt ends the process as it does by default, also amid the import, which never yields.
process.exitCode = await main();
