import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { runImportFlow } from '../import-flow/run-import-flow.js';
import type { CommandContext, CommandSession, SharedOptions } from '../program/command-session.js';
import { printable } from '../tools-import/shown-text.js';

interface ImportFlowWords {
  readonly out: string;
}

/** Adds `mesh import-flow`. */
export function addImportFlow(program: Command, session: CommandSession): void {
  program
    .command('import-flow')
    .description('make a draft flow out of an export of n8n, Make or Zapier')
    .argument('<file>', 'the export, as JSON')
    .requiredOption('--out <folder>', 'the folder for the draft; nothing in it is overwritten')
    .action(session.action<ImportFlowWords, [string]>(importExport));
}

async function importExport(
  { world }: CommandContext,
  { out, json }: ImportFlowWords & SharedOptions,
  file: string,
): Promise<void> {
  await runImportFlow(
    { file, out, json: json === true },
    {
      readText: (path) => readFile(resolve(world.folder, path), 'utf8'),
      writeNew: async (folder, path, text) => {
        await mkdir(resolve(world.folder, folder), { recursive: true });
        await writeFile(resolve(world.folder, folder, path), text, { flag: 'wx' });
      },
      // Loaded only here, because the tokenizer behind the curated tools takes a second.
      catalogue: async () => (await import('../import-flow/curated-tools.js')).curatedTools(),
      print: (text) => void world.stdout.write(text),
      say: (text) => void world.stderr.write(`${printable(text)}\n`),
    },
  );
}
