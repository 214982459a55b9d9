/** What a handler decided about one record. */
export type Outcome =
  | { readonly kind: 'ack' }
  | {
      readonly kind: 'retry';
      /** Milliseconds since the Unix epoch; never run again before. Absent: after a short backoff. */
      readonly notBefore?: number;
    }
  | { readonly kind: 'deadLetter'; readonly reason: string; readonly message?: string };

/** The record is dealt with. */
export const ack: Outcome = Object.freeze({ kind: 'ack' });

/** Run the record again, not before the given time (milliseconds since the Unix epoch). */
export function retry(notBefore?: number): Outcome {
  return notBefore === undefined ? { kind: 'retry' } : { kind: 'retry', notBefore };
}

/** Put the record aside for a person. `reason` is a stable code, `message` is for people; neither holds payloads. */
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
