import { Egress } from '@action-mesh/egress';
import { errorMessage } from '@action-mesh/kernel';

import { fetchDocument, readDocumentFile } from './document-source.js';
import { importCommand, importHelp } from './options.js';
import { runImport } from './run-import.js';
import { storeTools } from './tool-storage.js';
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
  const { catalogUrl } = command;
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: fetchGuarded,
    ...(catalogUrl && { store: (result, source) => storeTools(catalogUrl, result, source) }),
    say: console.error,
    print: (text) => writeLine(process.stdout, text),
  });
}

async function fetchGuarded(url: string): ReturnType<typeof fetchDocument> {
  await using egress = new Egress({ userAgent: 'action-mesh-import' });
  return await fetchDocument(url, (request) => egress.request(request));
}

// Nobody reads the progress any more (`2>&1 | head -1`): the import goes on without.
process.stderr.on('error', () => undefined);
// Nothing here needs to be undone: an interrupt ends the process as it does by default, also amid the import, which never yields.
process.exitCode = await main();
