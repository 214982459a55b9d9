import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { defined, jsonAt, JsonText, writeJson } from '@action-mesh/kernel';
import { projectAnswer, type ToolForm } from '@action-mesh/projections';

/** The receiver of an answer for a model. */
export interface ModelTurn {
  readonly form: ToolForm;
  /** The name by which the model called the tool. */
  readonly name: string;
  /** The vendor's id of the model's tool call. */
  readonly toolCallId?: string | undefined;
}

/** A refusal that a model can correct. */
export interface ModelRefusal {
  readonly detail: string;
  readonly fix?: string | undefined;
  readonly errors?: readonly unknown[] | undefined;
}

type ShownOutcome = Pick<OutcomeOfCall, 'status' | 'error' | 'waiting' | 'upstream'>;

/**
 * The longest answer to a failed call that a model sees unchanged, characters. A short answer tells the model how to
 * correct the call.
 */
const longestErrorAnswer = 4_000;

const doNotRepeat = 'Do not call the tool again for this.';

/** An outcome in the form for a model. Without an outcome the call still runs. */
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
        message: `The call was accepted and continues by itself${
          shown.waiting?.until === undefined ? '' : `, not before ${shown.waiting.until}`
        }. ${doNotRepeat}`,
      });
    case 'indeterminate':
      return written(turn, false, {
        status: 'unknown',
        message: `The mesh is finding out whether the call took effect. ${doNotRepeat}`,
      });
    case 'needs_review':
      return written(turn, true, {
        is_error: true,
        message: `The call may or may not have taken effect. A person has to find out. ${doNotRepeat}`,
      });
    case 'dead':
      return written(turn, true, {
        is_error: true,
        message: `The call did not succeed, and every retry is used up. A person decides how to continue. ${doNotRepeat}`,
      });
  }
}

/** A refusal in the form for a model. */
export function answerOfRefusal({ detail, fix, errors }: ModelRefusal, turn: ModelTurn): string {
  return written(turn, true, { is_error: true, message: detail, fix, errors });
}

/** A value of the gateway itself in the form for a model. */
export function answerOfValue(value: unknown, turn: ModelTurn): string {
  return written(turn, false, value);
}

function succeeded({ upstream }: ShownOutcome, result: string | undefined, turn: ModelTurn): string {
  if (result !== undefined && upstream?.incomplete !== true)
    return written(turn, false, new JsonText(result));
  if (upstream?.incomplete !== true) return written(turn, false, { status: 'done' });
  const message = `The tool succeeded. Its answer was too large or broke off, so it is not shown whole. ${doNotRepeat}`;
  return written(turn, false, {
    status: 'done',
    message,
    ...(result === undefined ? {} : { result: new JsonText(result) }),
  });
}

function written({ form, name, toolCallId }: ModelTurn, isError: boolean, value: unknown): string {
  const id = defined({ toolCallId });
  return projectAnswer({ name, isError, json: writeJson(value), ...id }, form);
}
