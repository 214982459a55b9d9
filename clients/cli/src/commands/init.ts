import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import { CliFailure, CliUsageError } from '../cli.errors.js';
import { firstToolFiles } from '../init/first-tool.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { printable } from '../tools-import/shown-text.js';

/** Adds `mesh init`. */
export function addInit(program: Command, session: CommandSession): void {
  program
    .command('init [folder]')
    .description('make a folder with a first tool, a test of it and a README')
    .action(session.action<object, [string | undefined]>(makeFolder));
}

async function makeFolder({ output, world }: CommandContext, _: object, given = 'tools'): Promise<void> {
  const folder = resolve(world.folder, given);
  const present: readonly string[] = await readdir(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [] as string[];
    throw new CliUsageError(
      `${given} cannot be used: ${code === 'ENOTDIR' ? 'it is a file' : (code ?? 'unknown')}.`,
    );
  });
  const files = Object.entries(firstToolFiles(given));
  const taken = files.map(([name]) => name).filter((name) => present.includes(name));
  if (taken.length > 0) throw new CliUsageError(`${given} has ${taken.join(' and ')} already.`);
  try {
    await mkdir(folder, { recursive: true });
    // `wx`: a file that appeared since is not lost.
    for (const [name, text] of files) await writeFile(join(folder, name), text, { flag: 'wx' });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new CliFailure(`${given} cannot be written: ${code}.`, { cause: error });
  }
  const made = { folder, files: files.map(([name]) => name) };
  await output.show(made, () =>
    [`Made ${made.files.join(', ')} in ${printable(given)}.`, `Next: mesh dev ${printable(given)}`].join(
      '\n',
    ),
  );
}
