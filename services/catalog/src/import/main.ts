import { errorMessage } from '@action-mesh/kernel';

import type { FoundDocument } from './document-source.js';
import { importHelp } from './help.js';
import { importCommand, type ImportCommand } from './options.js';
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
  const [{ readDocumentFile }, { runImport }, { storeTools }] = await Promise.all([
    import('./document-source.js'),
    import('./run-import.js'),
    import('./tool-storage.js'),
  ]);
  const { catalogUrl } = command;
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: (url) => fetchGuarded(command, url),
    ...(catalogUrl && { store: (result, source) => storeTools(catalogUrl, result, source) }),
    say: console.error,
    print: (text) => writeLine(process.stdout, text),
  });
}

/** A person who names a place on this machine means it; where a redirect leads was named by another. */
async function fetchGuarded({ egressAllow }: ImportCommand, url: string): Promise<FoundDocument> {
  const [{ Egress }, { fetchDocument }] = await Promise.all([
    import('@action-mesh/egress'),
    import('./document-source.js'),
  ]);
  await using egress = new Egress({ userAgent: 'action-mesh-import', allow: egressAllow });
  return await fetchDocument(url, (request) => egress.request(request));
}

// Nobody reads the progress any more (`2>&1 | head -1`): the import goes on without.
process.stderr.on('error', () => undefined);
// Nothing here needs to be undone: an interrupt ends the process as it does by default, also amid the import, which never yields.
process.exitCode = await main();
