import type { OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { StepAnswer } from './flow-run.js';

/** The parts of an outcome that answer a step. */
export type AnsweringOutcome = Pick<OutcomeOfCall, 'status' | 'error'>;

/**
 * The answer of a step from an outcome of its call. Undefined: the call goes on, or waits for a person. `conflict`: the step
 * led to a call with other content before.
 */
export function stepAnswer(
  { status, error }: AnsweringOutcome,
  text: string | undefined,
): StepAnswer | 'conflict' | undefined {
  switch (status) {
    case 'succeeded':
      return text === undefined ? { ok: true } : { ok: true, text };
    case 'failed':
    case 'cancelled': {
      if (error?.code === 'idempotency_key_conflict') return 'conflict';
      const [code, message] = [error?.code ?? status, error?.message ?? `the call was ${status}`];
      return { ok: false, error: error?.category === 'unknown_effect' ? 'unknown' : 'failed', code, message };
    }
    default:
      return undefined;
  }
}
