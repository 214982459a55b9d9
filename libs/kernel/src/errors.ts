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

/**
 * The text of anything that was thrown; never empty, never throws itself. An error without a message, such as the
 * `AggregateError` of a refused connection, is named by its code or class.
 */
export function errorMessage(thrown: unknown): string {
  try {
    if (typeof thrown === 'string' && thrown !== '') return thrown;
    if (thrown instanceof Error) {
      const { code } = thrown as { code?: unknown };
      for (const text of [thrown.message, code, thrown.name] as unknown[]) {
        if (typeof text === 'string' && text !== '') return text;
      }
    }
  } catch {
    // A getter or a revoked proxy: what was thrown cannot be read.
  }
  return 'a value that is not an Error was thrown';
}
