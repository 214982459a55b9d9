import type { Command } from 'commander';

import { findAccess } from '../access/find-access.js';
import { CliUsageError } from '../cli.errors.js';
import type { CommandSession } from '../program/command-session.js';
import { importTools } from '../tools-import/tools-import.js';

/**
 * Adds `mesh tools import` to the help and the completion. `runToolsImport` reads its words, since its parser names no
 * value in an error.
 */
export function addToolsImport(tools: Command): void {
  tools
    .command('import')
    .description('make tools out of an OpenAPI document (--help explains the options)')
    .usage('<file or URL> [options]');
}

/** The words after `tools import` when the command line is one. */
export function importWords(words: readonly string[]): readonly string[] | undefined {
  return words[0] === 'tools' && words[1] === 'import' ? words.slice(2) : undefined;
}

/** Runs `mesh tools import`. The key and the address come from the profile when no variable names them. */
export async function runToolsImport(words: readonly string[], session: CommandSession): Promise<number> {
  const { environment } = session.world;
  return importTools(words, { ...environment, ...(await accessVariables(session)) });
}

async function accessVariables({ world }: CommandSession): Promise<Readonly<Record<string, string>>> {
  const { environment } = world;
  const given = [environment['GATEWAY_URL'], environment['GATEWAY_API_KEY']];
  if (given.some((value) => (value ?? '').trim() !== '')) return {};
  try {
    const { url, key } = await findAccess({}, world);
    return { GATEWAY_URL: url, GATEWAY_API_KEY: key };
  } catch (error) {
    // A dry run needs no key. Without one, the import names its own variables.
    if (error instanceof CliUsageError) return {};
    throw error;
  }
}
