/**
 * Whether a repetition can help after an error. `terminal`: the same input fails again. `retryable`: the same input
 * may succeed later. `defect`: a bug of ours, which says nothing about the input.
 */
export type RetryClass = 'terminal' | 'retryable' | 'defect';

/**
 * The root of every error that crosses a module boundary. The message is for people. `code` and the typed fields of
 * subclasses are for programs. Neither carries payloads or secrets.
 */
export abstract class MeshError extends Error {
  /** A stable code, prefixed by the owning library or service: `EGRESS_DENIED`. */
  abstract readonly code: string;
  abstract readonly retry: RetryClass;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * The text of any thrown value. It is never empty and the function never throws. An error without a message, such as
 * the `AggregateError` of a refused connection, gets its code or class name as text.
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
    // The thrown value is unreadable: it has a getter that throws, or is a revoked proxy.
  }
  return 'a value that is not an Error was thrown';
}
