import { ConnectionFailedError, TooManyRequestsError, type MeshClientError } from '../mesh.errors.js';

/** The first pause, and the longest one that the client chooses by itself, milliseconds. */
const pauseMs = { first: 200, longest: 5_000 } as const;
/** Statuses of proxies and of a mesh that restarts. The mesh may have taken the request. */
const passing: readonly (number | undefined)[] = [502, 503, 504];

/**
 * The pause before a repetition, milliseconds. Undefined: the error is final.
 *
 * A 429 was certainly not processed, so it is repeated for every request. A broken connection, 502, 503 and 504 leave
 * that open, so only a repeatable request is sent again: a read, or one with an id by which the mesh finds repetitions.
 */
export function pauseBefore(
  error: MeshClientError,
  isRepeatable: boolean,
  retry: number,
): number | undefined {
  const mayHaveArrived = error instanceof ConnectionFailedError || passing.includes(error.status);
  if (!(error instanceof TooManyRequestsError) && !(mayHaveArrived && isRepeatable)) return undefined;
  const ownMs = Math.min(pauseMs.longest, pauseMs.first * 2 ** retry) * (0.5 + Math.random() / 2);
  return Math.max(error.retryAfterMs ?? 0, ownMs);
}
