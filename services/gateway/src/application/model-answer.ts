import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { ResultCut } from '@action-mesh/contracts/gateway';
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

type ShownOutcome = Pick<OutcomeOfCall, 'status' | 'error' | 'waiting' | 'upstream' | 'preview'> & {
  readonly cut?: ResultCut;
};

/**
 * The longest answer to a failed call that a model sees unchanged, characters. A short answer tells the model how to
 * correct the call.
 */
const longestErrorAnswer = 4_000;

const doNotRepeat = 'Do not call the tool again for this.';

/** An outcome, cut or whole, in the form for a model. Without an outcome the call still runs. */
export function answerOfOutcome(outcome: string | undefined, turn: ModelTurn): string {
  if (outcome === undefined) {
    return written(turn, false, {
      status: 'running',
      message: `The call runs and has no result yet. ${doNotRepeat}`,
    });
  }
  const shown = JSON.parse(outcome) as ShownOutcome;
  const result = jsonAt(outcome, '/result');
  const next = jsonAt(outcome, '/next');
  switch (shown.status) {
    case 'succeeded':
      return succeeded(shown, result, next, turn);
    case 'failed':
    case 'cancelled':
      return written(turn, true, {
        is_error: true,
        message: shown.error?.message ?? `The call ${shown.status}.`,
        fix: shown.error?.fix,
        ...(result === undefined || result.length > longestErrorAnswer
          ? {}
          : { answer: new JsonText(result), cut: shown.cut }),
      });
    case 'dry_run':
      return written(turn, false, {
        status: 'dry_run',
        message: `The call was only rehearsed: nothing was sent, and nothing has changed.`,
        preview: shown.preview,
      });
    case 'shadowed':
      return written(turn, false, {
        status: 'shadowed',
        message: `The call was recorded and not sent. Nothing has changed. ${doNotRepeat}`,
      });
    case 'waiting':
      if (shown.waiting?.reason === 'awaiting_auth') return awaitingAuth(shown.waiting, turn);
      if (shown.waiting?.reason === 'awaiting_approval') return awaitingApproval(shown.waiting, turn);
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

/** The model has to give its user the link. The call continues as soon as the account is connected. */
function awaitingAuth(
  { connect_url: link, missing_scopes: missing }: NonNullable<ShownOutcome['waiting']>,
  turn: ModelTurn,
): string {
  const nextStep =
    link === undefined
      ? 'The call was accepted and waits until an administrator has set up the integration.'
      : `The call was accepted and waits for its user. Ask the user to open this link and ${
          missing === undefined ? 'connect the account' : `grant ${missing.join(', ')}`
        }: ${link}. The call continues by itself afterwards.`;
  return written(turn, false, {
    status: 'waiting',
    message: `${nextStep} ${doNotRepeat}`,
    ...defined({ connect_url: link, missing_scopes: missing }),
  });
}

/** A person decides about the call. The model tells its user and does something else meanwhile. */
function awaitingApproval({ approval }: NonNullable<ShownOutcome['waiting']>, turn: ModelTurn): string {
  const until = approval === undefined ? '' : ` until ${approval.expires_at}`;
  const reason = approval === undefined ? '' : ` ${approval.reason}`;
  return written(turn, false, {
    status: 'waiting',
    message: `The call was accepted and waits${until} for a person to approve it.${reason} Tell the user. The call continues by itself after the approval. ${doNotRepeat}`,
    ...defined({ approval_id: approval?.id }),
  });
}

function succeeded(
  { upstream, cut }: ShownOutcome,
  result: string | undefined,
  next: string | undefined,
  turn: ModelTurn,
): string {
  if (result !== undefined && (cut !== undefined || next !== undefined)) {
    const more = next === undefined ? {} : { next: new JsonText(next) };
    return written(turn, false, { result: new JsonText(result), cut, ...more });
  }
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
