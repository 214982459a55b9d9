import { MeshError } from '@action-mesh/kernel';

/** A schema could not be brought up to date. */
export class MigrationError extends MeshError {
  readonly code = 'POSTGRES_MIGRATION_FAILED';
  readonly retry = 'terminal';
}

const transientClasses = new Set([
  '08', // connection exceptions
  '40', // transaction rollback: serialization failure, deadlock
  '53', // insufficient resources
  '55', // object not in prerequisite state: lock not available
  '57', // operator intervention: shutdown, crash, cannot connect now, cancelled statement
  '58', // system error
]);

/**
 * Whether the same statement may succeed later. True for lost connections and for the SQLSTATE classes with which
 * PostgreSQL reports its own trouble instead of ours.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return /connection|timeout|terminated/i.test(error.message);
  return /^[0-9A-Z]{5}$/.test(code) ? transientClasses.has(code.slice(0, 2)) : code.startsWith('E');
}

/** The SQLSTATE of an error that PostgreSQL raised. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
