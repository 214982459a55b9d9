import { Egress } from '@action-mesh/egress';
import { errorMessage } from '@action-mesh/kernel';

import { fetchDocument, readDocumentFile } from './document-source.js';
import { importCommand, importHelp } from './options.js';
import { runImport } from './run-import.js';
import { storeTools } from './tool-storage.js';

async function main(): Promise<number> {
  let command;
  try {
    command = importCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${errorMessage(error)}\n\n${importHelp}`);
    return 2;
  }
  if (command.kind === 'help') {
    console.log(importHelp);
    return 0;
  }
  const catalogUrl = process.env['CATALOG_URL'] ?? 'http://127.0.0.1:8081';
  return runImport(command, {
    readFile: readDocumentFile,
    fetch: fetchGuarded,
    ...(command.dryRun ? {} : { store: (tools, source) => storeTools(catalogUrl, tools, source) }),
    say: console.error,
    print: console.log,
  });
}

async function fetchGuarded(url: string): ReturnType<typeof fetchDocument> {
  await using egress = new Egress({ userAgent: 'action-mesh-import' });
  return await fetchDocument(url, (request) => egress.request(request));
}

// Nothing here needs to be undone: an interrupt ends the process as it does by default, also amid the import, which never yields.
process.exitCode = await main();
