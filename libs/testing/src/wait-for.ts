import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '@action-mesh/kernel';
import { WaitTimeoutError } from './testing.errors.js';

export interface WaitOptions {
  /** @default 10 000 */
  readonly timeoutMs?: number;
  /** Pause between two looks, milliseconds. @default 10 */
  readonly intervalMs?: number;
  /** The name of the awaited condition, for the error message. */
  readonly what: string;
}

/**
 * Evaluates `condition` until it returns a value other than undefined, null or false. Returns that value. An error of
 * `condition` counts as not yet true; the last one becomes the cause. Errors: `TESTING_WAIT_TIMEOUT`.
 */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  options: WaitOptions,
): Promise<Exclude<Value, undefined | null | false>> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const startedAt = performance.now();
  for (;;) {
    let failure: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<Value, undefined | null | false>;
      }
    } catch (thrown) {
      failure = thrown;
    }
    if (performance.now() - startedAt >= timeoutMs) {
      const detail = failure === undefined ? '' : ` (last look: ${errorMessage(failure)})`;
      throw new WaitTimeoutError(`waited ${timeoutMs} ms for ${options.what}${detail}`, { cause: failure });
    }
    await delay(options.intervalMs ?? 10);
  }
}
