import { setTimeout as sleep } from 'node:timers/promises';

import { errorMessage } from '@action-mesh/kernel';
import { isTransient, sqlState } from '@action-mesh/postgres';

import { LedgerUnavailableError } from '../../domain/executor.errors.js';

/** One item's share of a batch: its result or its own error. */
export type Share<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly error: unknown };

/** The error code of record_calls when this instance's lease is over. */
const leaseOver = 'MSH01';

/**
 * Runs a statement for a batch. An unavailable PostgreSQL fails the whole batch with `LedgerUnavailableError`. When one
 * row has a fault, the batch is run row by row and only that row fails.
 */
export async function runBatch<T, R>(
  items: readonly T[],
  statement: (items: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly Share<R>[]> {
  try {
    return (await statement(items)).map((result) => ({ ok: true, result }));
  } catch (error) {
    if (isUnavailable(error)) throw unavailable(error);
    if (items.length === 1) return [{ ok: false, error }];
    const shares: Share<R>[] = [];
    for (const item of items) {
      // An error of one row, even an outage, belongs to that row: the rows before it are committed.
      shares.push(
        ...(await runBatch([item], statement).catch((alone: unknown): Share<R>[] => [
          { ok: false, error: alone },
        ])),
      );
    }
    return shares;
  }
}

/** Unwraps a share: returns the result or throws the error. */
export function settle<R>(share: Share<R>): R {
  if (share.ok) return share.result;
  throw share.error;
}

/** Repeats work that fails because PostgreSQL is unavailable, with growing pauses, for up to `patienceMs`. */
export async function persist<R>(work: () => Promise<R>, patienceMs: number): Promise<R> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() + pauseMs > giveUpAtMs) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Whether the statement may have been committed although it failed: the connection broke, not the statement. */
export function mayHaveCommitted(error: unknown): boolean {
  const state = sqlState(error);
  return isTransient(error) && (state === undefined || state.startsWith('08') || state.startsWith('57P'));
}

/**
 * Classes of SQLSTATE for faults of the ledger, not of a row: a read-only database, a missing privilege, a missing
 * table. The call is not at fault and waits until a person has repaired the ledger.
 */
const ledgersOwn = new Set(['0A', '25', '28', '3D', '3F', '42']);

/** Whether the ledger failed, not the rows of the statement. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  return (
    error instanceof LedgerUnavailableError ||
    isTransient(error) ||
    isCollision(error) ||
    state === leaseOver ||
    (state !== undefined && ledgersOwn.has(state.slice(0, 2)))
  );
}

/**
 * PostgreSQL's messages for a function or type that a newer version of the executor replaced while the statement began.
 * They are never translated. Their SQLSTATE is that of any internal error.
 */
const replaced =
  /^(?:cache lookup failed for|could not open relation with OID|function in FROM has unsupported return type)/;

/**
 * Whether a repetition of the statement is expected to succeed at once: two writers collided, or a function was
 * replaced.
 */
export function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  return state?.startsWith('40') === true || (state === 'XX000' && replaced.test(errorMessage(error)));
}

function unavailable(error: unknown): LedgerUnavailableError {
  return error instanceof LedgerUnavailableError
    ? error
    : new LedgerUnavailableError(`the ledger cannot be written: ${errorMessage(error)}`, { cause: error });
}
