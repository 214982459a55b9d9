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
 * Whether the same statement may succeed later. True for lost connections, and for the SQLSTATE classes of PostgreSQL's
 * own problems.
 */
export function isTransient(error: unknown): boolean {
  const { code, message } = detailsOf(error);
  if (code === undefined) return /connection|timeout|terminated/i.test(message);
  return isSqlState(code) ? transientClasses.has(code.slice(0, 2)) : code.startsWith('E');
}

/** The SQLSTATE of an error that PostgreSQL raised. */
export function sqlState(error: unknown): string | undefined {
  const { code } = detailsOf(error);
  return code !== undefined && isSqlState(code) ? code : undefined;
}

/** Codes of the operating system look alike (`EPIPE`). No class of SQLSTATE begins with E. */
function isSqlState(code: string): boolean {
  return /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code);
}

/** Reads the shape and not the class: errors of Node's sockets may come from another realm. */
function detailsOf(error: unknown): { code?: string; message: string } {
  if (typeof error !== 'object' || error === null) return { message: '' };
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return 'code' in error && typeof error.code === 'string' ? { code: error.code, message } : { message };
}
