import { importDocument, OpenApiError, type ImportResult } from '@action-mesh/openapi';
import { errorMessage } from '@action-mesh/kernel';

import { isUrl, type FoundDocument } from './document-source.js';
import type { ImportCommand } from './options.js';
import { reportText } from './report-text.js';

/** What the command needs of the world. */
export interface ImportWorld {
  readonly readFile: (path: string) => Promise<FoundDocument>;
  readonly fetch: (url: string) => Promise<FoundDocument>;
  /** Hands the tools on; absent in a dry run. Resolves with what is to be said about it. */
  readonly store?: (result: ImportResult) => Promise<string>;
  /** For people, as it goes. */
  readonly say: (line: string) => void;
  /** The result of the command. */
  readonly print: (text: string) => void;
}

/** Runs the command once. Resolves with its exit code: 0, or 1 when nothing came of it. */
export async function runImport(command: ImportCommand, world: ImportWorld): Promise<0 | 1> {
  let result: ImportResult;
  try {
    result = await importFrom(command, world);
  } catch (error) {
    const place = error instanceof OpenApiError && error.pointer !== '' ? ` (at ${error.pointer})` : '';
    world.say(`${errorMessage(error)}${place}`);
    return 1;
  }
  const stored = result.tools.length > 0 ? await world.store?.(result) : undefined;
  world.print(command.json ? JSON.stringify(result) : reportText(result.report));
  if (stored !== undefined) world.say(stored);
  if (result.tools.length > 0) return 0;
  world.say('no operation became a tool');
  return 1;
}

async function importFrom(
  command: ImportCommand,
  { readFile, fetch, say }: ImportWorld,
): Promise<ImportResult> {
  const { source, select, toolkit, baseUrl } = command;
  say(`reading ${source}`);
  const { text, url } = isUrl(source) ? await fetch(source) : await readFile(source);
  say(`importing ${(text.length / 1024 / 1024).toFixed(1)} MB`);
  return importDocument(text, {
    select,
    ...(toolkit === undefined ? {} : { toolkit }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(url === undefined ? {} : { documentUrl: url }),
  });
}
