/** The decision of a handler about one record. */
export type Outcome =
  | { readonly kind: 'ack' }
  | {
      readonly kind: 'retry';
      /**
       * Milliseconds since the Unix epoch. The record does not run again before this time. Absent: a short backoff.
       */
      readonly notBefore?: number;
    }
  | { readonly kind: 'deadLetter'; readonly reason: string; readonly message?: string };

/** The record is complete. */
export const ack: Outcome = Object.freeze({ kind: 'ack' });

/** Runs the record again, not before the given time (milliseconds since the Unix epoch). */
export function retry(notBefore?: number): Outcome {
  return notBefore === undefined ? { kind: 'retry' } : { kind: 'retry', notBefore };
}

/**
 * Makes a dead letter of the record, for a person. `reason` is a stable code and `message` is for people. Neither
 * holds payloads.
 */
export function deadLetter(reason: string, message?: string): Outcome {
  return message === undefined ? { kind: 'deadLetter', reason } : { kind: 'deadLetter', reason, message };
}

/** Whether a handler's return value is an outcome. */
export function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'ack') return true;
  if (value.kind === 'retry') return !('notBefore' in value) || typeof value.notBefore === 'number';
  return value.kind === 'deadLetter' && 'reason' in value && typeof value.reason === 'string';
}
