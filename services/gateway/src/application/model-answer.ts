import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { jsonAt, JsonText, writeJson } from '@action-mesh/kernel';
import { projectAnswer, type ToolForm } from '@action-mesh/projections';

/** Where an answer for a model goes. */
export interface ModelTurn {
  readonly form: ToolForm;
  /** The name by which the model called the tool. */
  readonly name: string;
  /** The vendor's id of the model's tool call. */
  readonly toolCallId?: string | undefined;
}

/** A refusal that a model can do something about. */
export interface ModelRefusal {
  readonly detail: string;
  readonly fix?: string | undefined;
  readonly errors?: readonly unknown[] | undefined;
}

type ShownOutcome = Pick<OutcomeOfCall, 'status' | 'error' | 'waiting' | 'upstream'>;

/**
 * The longest provider answer to a failed call that a model sees as it is. A short one tells the model how to correct
 * the call.
 */
const longestErrorAnswer = 4_000;

const doNotRepeat = 'Do not call the tool again for this.';

/** The outcome of a call as a model reads it; without an outcome the call still runs. */
export function answerOfOutcome(outcome: string | undefined, turn: ModelTurn): string {
  if (outcome === undefined) {
    return written(turn, false, {
      status: 'running',
      message: `The call runs and has no result yet. ${doNotRepeat}`,
    });
  }
  const shown = JSON.parse(outcome) as ShownOutcome;
  const result = jsonAt(outcome, '/result');
  switch (shown.status) {
    case 'succeeded':
      return succeeded(shown, result, turn);
    case 'failed':
    case 'cancelled':
      return written(turn, true, {
        is_error: true,
        message: shown.error?.message ?? `The call ${shown.status}.`,
        fix: shown.error?.fix,
        ...(result === undefined || result.length > longestErrorAnswer
          ? {}
          : { answer: new JsonText(result) }),
      });
    case 'waiting':
      return written(turn, false, {
        status: 'waiting',
        message: `The call was taken and goes on by itself${
          shown.waiting === undefined ? '' : `, not before ${shown.waiting.until}`
        }. ${doNotRepeat}`,
      });
    case 'indeterminate':
      return written(turn, false, {
        status: 'unknown',
        message: `It is being found out whether the call took effect. ${doNotRepeat}`,
      });
    case 'needs_review':
      return written(turn, true, {
        is_error: true,
        message: `The call may have taken effect or not; a person has to find out. ${doNotRepeat}`,
      });
    case 'dead':
      return written(turn, true, {
        is_error: true,
        message: `The call did not succeed, and every retry is used up; a person decides how it goes on. ${doNotRepeat}`,
      });
  }
}

/** A refusal as a model reads it. */
export function answerOfRefusal({ detail, fix, errors }: ModelRefusal, turn: ModelTurn): string {
  return written(turn, true, { is_error: true, message: detail, fix, errors });
}

/** A value that the gateway found by itself, as a model reads it. */
export function answerOfValue(value: unknown, turn: ModelTurn): string {
  return written(turn, false, value);
}

function succeeded({ upstream }: ShownOutcome, result: string | undefined, turn: ModelTurn): string {
  if (result !== undefined && upstream?.incomplete !== true)
    return written(turn, false, new JsonText(result));
  if (upstream?.incomplete !== true) return written(turn, false, { status: 'done' });
  const message = `The tool did it. Its answer was too large or broke off, so it is not shown whole. ${doNotRepeat}`;
  return written(turn, false, {
    status: 'done',
    message,
    ...(result === undefined ? {} : { result: new JsonText(result) }),
  });
}

function written({ form, name, toolCallId }: ModelTurn, isError: boolean, value: unknown): string {
  const id = toolCallId === undefined ? {} : { toolCallId };
  return projectAnswer({ name, isError, json: writeJson(value), ...id }, form);
}
