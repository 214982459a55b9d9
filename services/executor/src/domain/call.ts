import type { CallState } from '@action-mesh/contracts/executor';

/**
 * The part of a call that the ledger decides on. All other columns of its row are only stored.
 *
 * - C1: `fence` grows with every claim and take-over and never shrinks (I5).
 * - C2: `attempt` counts the intents that stood. It grows only on the way into DISPATCHING, which is the durable intent
 *   (I3). It shrinks only when an intent is withdrawn and no byte of its request has left.
 * - C3: no command leaves SUCCEEDED, FAILED, CANCELLED or REHEARSED (I4).
 * - C4: only `retry` and `redrive` lead from INDETERMINATE and NEEDS_REVIEW back to a request. Only the effect class or
 *   a probe may give `retry`. For `redrive`, a person has said that nothing happened (I2).
 * - C5: a wait for a connection uses no attempt. A call of unknown effect waits for one in INDETERMINATE.
 * - C6: a call of the mode dry_run or shadow ends in REHEARSED. It never had an intent that stood.
 * - C7: a wait for an approval uses no attempt either. A call of unknown effect never waits for one.
 */
export interface Call {
  readonly state: CallState;
  readonly fence: number;
  readonly attempt: number;
  /** Whether another instance had to finish the work of one that died. */
  readonly recovered: boolean;
  /** The number of redrives. */
  readonly redrives: number;
  /** The attempts before the last redrive. The tool's bound counts from there. */
  readonly attemptsBefore: number;
}

export type Command =
  /** The call was read from the topic and is now known. */
  | { readonly type: 'receive' }
  /** This instance will run it. */
  | { readonly type: 'claim' }
  /** The intent of one request is on disk, so the request may leave. */
  | { readonly type: 'dispatch' }
  /** No byte of that intent's request has left, for a reason of the mesh's own. The attempt does not count. */
  | { readonly type: 'withdraw' }
  /** The answer to `attempt` says that it worked. */
  | { readonly type: 'succeed'; readonly attempt: number }
  /** The answer to `attempt`, or a rule of ours, says that it did not work and will not. */
  | { readonly type: 'fail'; readonly attempt: number }
  /** The request may have arrived, and no answer will come. */
  | { readonly type: 'loseTrack' }
  /** Another request is safe and wanted. */
  | { readonly type: 'retry' }
  /** The call may not leave now, because of a limit, a breaker or its tenant's turn. */
  | { readonly type: 'throttle' }
  /** The call may not leave before its user has connected an account, or its tenant has set up the integration. */
  | { readonly type: 'awaitAuth' }
  /** The call may not leave before a person has approved it. */
  | { readonly type: 'awaitApproval' }
  /** The provider will be asked whether it acted. */
  | { readonly type: 'probe' }
  /** Only a person can find out what happened. */
  | { readonly type: 'askPerson' }
  /** Nothing was done, and every retry is used up. */
  | { readonly type: 'die' }
  /** A person wants it to run again. If the effect was unknown, the person says that it did not happen. */
  | { readonly type: 'redrive' }
  /** A person says that it happened. */
  | { readonly type: 'attest' }
  /** A person gives the call up. It ends as failed. */
  | { readonly type: 'giveUp' }
  | { readonly type: 'cancel' }
  /** The mode of the call is not live, and its request is known. */
  | { readonly type: 'rehearse' }
  /** Its wait is over, and this instance continues it. */
  | { readonly type: 'wake' }
  /** The time of its wait changes. */
  | { readonly type: 'reschedule' }
  /** The instance that owned it is dead. */
  | { readonly type: 'takeOver' };

export type CommandType = Command['type'];

/** The public meaning of a transition. */
export type CallEvent =
  | 'received'
  | 'claimed'
  | 'intended'
  | 'withdrawn'
  | 'lostTrack'
  | 'retrying'
  | 'throttled'
  | 'awaitingAuth'
  | 'awaitingApproval'
  | 'probing'
  | 'needsReview'
  | 'died'
  | 'redriven'
  | 'woken'
  | 'rescheduled'
  | 'settled';

export type Transition =
  | { readonly ok: true; readonly call: Call; readonly events: readonly CallEvent[] }
  | { readonly ok: false; readonly reason: string };

interface Rule {
  readonly from: readonly CallState[];
  readonly to: CallState;
  readonly event: CallEvent;
  readonly raisesFence?: true;
  /** The change to the number of attempts. */
  readonly adds?: 1 | -1;
  readonly renewsAttempts?: true;
  /** Only for a call without an attempt. */
  readonly isFirst?: true;
  /** From these states, the command counts only as evidence about the newest attempt. */
  readonly lateFrom?: readonly CallState[];
}

const unanswered = ['INDETERMINATE', 'NEEDS_REVIEW'] as const;
const notYetSent = [
  'RECEIVED',
  'CLAIMED',
  'RETRY_WAIT',
  'THROTTLED',
  'AWAITING_AUTH',
  'AWAITING_APPROVAL',
] as const;

const rules: Readonly<Record<Exclude<CommandType, 'receive' | 'takeOver' | 'wake' | 'reschedule'>, Rule>> = {
  claim: { from: notYetSent, to: 'CLAIMED', event: 'claimed', raisesFence: true },
  dispatch: { from: ['CLAIMED'], to: 'DISPATCHING', event: 'intended', adds: 1 },
  withdraw: { from: ['DISPATCHING'], to: 'CLAIMED', event: 'withdrawn', adds: -1 },
  succeed: { from: ['DISPATCHING'], lateFrom: unanswered, to: 'SUCCEEDED', event: 'settled' },
  fail: { from: [...notYetSent, 'DISPATCHING'], lateFrom: unanswered, to: 'FAILED', event: 'settled' },
  loseTrack: { from: ['DISPATCHING'], to: 'INDETERMINATE', event: 'lostTrack' },
  retry: { from: ['DISPATCHING', 'INDETERMINATE'], to: 'RETRY_WAIT', event: 'retrying' },
  throttle: { from: notYetSent, to: 'THROTTLED', event: 'throttled' },
  awaitAuth: { from: notYetSent, to: 'AWAITING_AUTH', event: 'awaitingAuth' },
  awaitApproval: { from: notYetSent, to: 'AWAITING_APPROVAL', event: 'awaitingApproval' },
  probe: { from: ['INDETERMINATE'], to: 'INDETERMINATE', event: 'probing' },
  askPerson: { from: [...notYetSent, 'INDETERMINATE'], to: 'NEEDS_REVIEW', event: 'needsReview' },
  die: { from: [...notYetSent, 'DISPATCHING', 'INDETERMINATE'], to: 'DEAD', event: 'died' },
  redrive: { from: ['DEAD', ...unanswered], to: 'RECEIVED', event: 'redriven', renewsAttempts: true },
  attest: { from: ['DEAD', ...unanswered], to: 'SUCCEEDED', event: 'settled' },
  giveUp: { from: ['DEAD', ...unanswered], to: 'FAILED', event: 'settled' },
  cancel: { from: notYetSent, to: 'CANCELLED', event: 'settled' },
  rehearse: { from: notYetSent, to: 'REHEARSED', event: 'settled', isFirst: true },
};

/** The states in which an instance owes a call work. A take-over looks for these. */
export const activeStates: readonly CallState[] = [...notYetSent, 'DISPATCHING', 'INDETERMINATE'];

/** The states that end a call. */
export const terminalStates: readonly CallState[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED'];

/** The states in which a call may wait without an owner. */
export const parkedStates: readonly CallState[] = [
  'RECEIVED',
  'RETRY_WAIT',
  'THROTTLED',
  'AWAITING_AUTH',
  'AWAITING_APPROVAL',
  'INDETERMINATE',
];

/** The states that need a person, and have a record in the dead letter queue (I9). */
export const deadStates: readonly CallState[] = ['DEAD', 'NEEDS_REVIEW'];

/** The whole state machine. It is pure: a store of calls writes exactly its results. */
export function transition(call: Call | undefined, command: Command): Transition {
  if (command.type === 'receive') {
    return call === undefined
      ? {
          ok: true,
          call: {
            state: 'RECEIVED',
            fence: 0,
            attempt: 0,
            recovered: false,
            redrives: 0,
            attemptsBefore: 0,
          },
          events: ['received'],
        }
      : refuse(command, call);
  }
  if (call === undefined) return { ok: false, reason: `${command.type}: there is no call` };
  if (command.type === 'takeOver') {
    return activeStates.includes(call.state)
      ? { ok: true, call: { ...call, fence: call.fence + 1, recovered: true }, events: [] }
      : refuse(command, call);
  }
  if (command.type === 'wake') {
    return parkedStates.includes(call.state)
      ? { ok: true, call: { ...call, fence: call.fence + 1 }, events: ['woken'] }
      : refuse(command, call);
  }
  if (command.type === 'reschedule') {
    return parkedStates.includes(call.state)
      ? { ok: true, call, events: ['rescheduled'] }
      : refuse(command, call);
  }
  const rule = rules[command.type];
  if (rule.isFirst === true && call.attempt > 0) return refuse(command, call);
  if (!rule.from.includes(call.state) && !isLateEvidence(rule, call, command)) return refuse(command, call);
  return {
    ok: true,
    call: {
      ...call,
      state: rule.to,
      fence: call.fence + (rule.raisesFence === true ? 1 : 0),
      attempt: call.attempt + (rule.adds ?? 0),
      ...(rule.renewsAttempts === true ? { redrives: call.redrives + 1, attemptsBefore: call.attempt } : {}),
    },
    events: [rule.event],
  };
}

/** Applies commands one after the other. One refused command refuses all of them. */
export function transitions(call: Call | undefined, ...commands: readonly Command[]): Transition {
  let current: Transition | undefined;
  const events: CallEvent[] = [];
  for (const command of commands) {
    current = transition(current?.ok === true ? current.call : call, command);
    if (!current.ok) return current;
    events.push(...current.events);
  }
  return current?.ok === true ? { ...current, events } : { ok: false, reason: 'no command' };
}

function isLateEvidence(rule: Rule, call: Call, command: Command): boolean {
  if (rule.lateFrom === undefined || !('attempt' in command)) return false;
  return rule.lateFrom.includes(call.state) && command.attempt === call.attempt;
}

function refuse(command: Command, call: Call): Transition {
  return { ok: false, reason: `${command.type} is not possible in ${call.state}` };
}
