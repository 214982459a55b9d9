/**
 * What a caller may do after an error. `terminal`: the same input fails again. `retryable`: the same input may succeed
 * later. `defect`: a bug of ours; nothing about the input is known.
 */
export type RetryClass = 'terminal' | 'retryable' | 'defect';

/**
 * The root of every error that crosses a module boundary. The message is for people; `code` and the typed fields of
 * subclasses are for programs. Neither carries payloads or secrets.
 */
export abstract class MeshError extends Error {
  /** Stable, prefixed by the owning library or service: `EGRESS_DENIED`. */
  abstract readonly code: string;
  abstract readonly retry: RetryClass;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The text of anything that was thrown; never throws itself. */
export function errorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : 'a value that is not an Error was thrown';
}
