import type { Command } from 'commander';

import { findAccess, type AccessOptions } from '../access/find-access.js';
import type { CommandSession } from '../program/command-session.js';
import { importAccess } from '../tools-import/options.js';
import { importTools } from '../tools-import/tools-import.js';
import type { CliWorld } from '../world.js';

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

/** Options of every command that may stand before the command, and whether a value follows. */
const sharedWords: ReadonlyMap<string, boolean> = new Map([
  ['--json', false],
  ['--profile', true],
  ['--url', true],
]);

/** The words of `tools import`, with the shared options before it, when the command line is one. */
export function importWords(words: readonly string[]): readonly string[] | undefined {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const hasValue = sharedWords.get(word);
    if (hasValue === true) at += 1;
    else if (hasValue === undefined && !/^--(?:profile|url)=/.test(word)) break;
  }
  return words[at] === 'tools' && words[at + 1] === 'import'
    ? [...words.slice(0, at), ...words.slice(at + 2)]
    : undefined;
}

/**
 * Runs `mesh tools import`. The address and the key come from `--url` and `--profile`, else from `GATEWAY_URL` and
 * `GATEWAY_API_KEY`, else like those of every command.
 */
export async function runToolsImport(words: readonly string[], session: CommandSession): Promise<number> {
  const { world } = session;
  const access = importAccess(words);
  const environment = { ...world.environment, ...(access && (await accessVariables(access, world))) };
  return importTools(words, { ...world, environment });
}

async function accessVariables(
  options: AccessOptions,
  world: CliWorld,
): Promise<Readonly<Record<string, string>>> {
  const { environment } = world;
  const isChosen = options.profile !== undefined || options.url !== undefined;
  const given = [environment['GATEWAY_URL'], environment['GATEWAY_API_KEY']];
  if (!isChosen && given.some((value) => (value ?? '').trim() !== '')) return {};
  const { url, key } = await findAccess(options, world);
  return { GATEWAY_URL: url, GATEWAY_API_KEY: key };
}
