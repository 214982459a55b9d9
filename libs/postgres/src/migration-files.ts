import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { MigrationError } from './postgres.errors.js';

/** A file of tables: applied once, never edited afterwards. */
export interface OrderedMigration {
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** A file of functions and types: replaced as a whole by a higher revision. */
export interface RepeatableMigration extends OrderedMigration {
  readonly revision: number;
  /** The files that create the types and functions of its signatures. */
  readonly needs: readonly string[];
}

const functionsFolder = 'functions';

/** Reads the `NNNN-name.sql` files of a folder, in the order of their names. */
export async function readOrdered(folder: string): Promise<OrderedMigration[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(files.map((name) => readMigration(folder, name)));
}

/**
 * Reads the files of the subfolder `functions`. A file follows the files that it needs; otherwise names decide the
 * order.
 */
export async function readRepeatable(folder: string): Promise<RepeatableMigration[]> {
  const files = (await readdir(join(folder, functionsFolder)).catch(emptyWhereMissing)).filter((name) =>
    name.endsWith('.sql'),
  );
  const read = await Promise.all(
    files.sort().map((name) => readMigration(folder, join(functionsFolder, name))),
  );
  return inOrderOfNeed(read.map(withHeader));
}

/** Reads a file's revision and needs from its first lines: `-- Revision 3.` and `-- Needs a.sql, b.sql.` */
export function withHeader(migration: OrderedMigration): RepeatableMigration {
  const header =
    /^-- Revision (?<revision>[1-9]\d{0,8})\.\n(?:-- Needs (?<needs>[a-z0-9-]+\.sql(?:, [a-z0-9-]+\.sql)*)\.\n)?/;
  const { revision, needs } = header.exec(migration.sql)?.groups ?? {};
  if (revision === undefined)
    throw new MigrationError(`${migration.name} has no revision; begin it with the line "-- Revision 1."`);
  return {
    ...migration,
    revision: Number(revision),
    needs: needs?.split(', ').map((name) => `${functionsFolder}/${name}`) ?? [],
  };
}

/** Sorts each file behind the files that it needs, and keeps the given order otherwise. */
export function inOrderOfNeed(files: readonly RepeatableMigration[]): RepeatableMigration[] {
  const sorted = new Set<RepeatableMigration>();
  const visit = (file: RepeatableMigration, path: readonly string[]): void => {
    if (sorted.has(file)) return;
    if (path.includes(file.name))
      throw new MigrationError(`${[...path, file.name].join(' needs ')}; put them into one file`);
    for (const name of file.needs) {
      const needed = files.find((other) => other.name === name);
      if (needed === undefined)
        throw new MigrationError(`${file.name} needs ${basename(name)}, and there is no such file beside it`);
      visit(needed, [...path, file.name]);
    }
    sorted.add(file);
  };
  for (const file of files) visit(file, []);
  return [...sorted];
}

async function readMigration(folder: string, name: string): Promise<OrderedMigration> {
  const sql = await readFile(join(folder, name), 'utf8');
  return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
}

/** Reads the shape and not the class: errors of Node may come from another realm. */
function emptyWhereMissing(error: unknown): string[] {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
