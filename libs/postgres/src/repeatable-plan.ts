import type { RepeatableMigration } from './migration-files.js';
import { MigrationError } from './postgres.errors.js';

/** A repeatable migration in the database. */
export interface AppliedRepeatable {
  readonly digest: string;
  readonly revision: number;
}

/**
 * Chooses the files to apply, in the given order. A higher revision replaces a lower one, and the files that need it are
 * applied again. A lower revision changes nothing: an older version of the service starts beside a newer one.
 */
export function planRepeatable(
  files: readonly RepeatableMigration[],
  applied: ReadonlyMap<string, AppliedRepeatable>,
): RepeatableMigration[] {
  const changed = new Set<string>();
  const outdated: string[] = [];
  for (const { name, digest, revision } of files) {
    const known = applied.get(name);
    if (known === undefined || known.revision < revision) changed.add(name);
    else if (known.revision > revision) outdated.push(name);
    else if (known.digest !== digest)
      throw new MigrationError(
        `${name} was changed after its revision ${revision} had been applied; raise the revision in its first line`,
      );
  }
  if (outdated.length > 0) {
    if (changed.size === 0) return [];
    throw new MigrationError(
      `the database has a newer ${outdated.join(', ')} and an older ${[...changed].join(', ')} than this version; ` +
        'neither version contains the other, so start one that contains both',
    );
  }
  for (const { name, needs } of files) if (needs.some((needed) => changed.has(needed))) changed.add(name);
  return files.filter(({ name }) => changed.has(name));
}
