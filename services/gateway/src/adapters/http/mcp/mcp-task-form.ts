import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { systemClock } from '@action-mesh/kernel';
import type { Result } from '@modelcontextprotocol/server';

type Waiting = OutcomeOfCall['waiting'];

/** The states of a task (SEP-2663). The mesh ends each call by an outcome, so none is `failed`. */
export type TaskState = 'working' | 'input_required' | 'completed' | 'cancelled';

/** The pause between two looks at a task that the gateway asks for, milliseconds. */
const pollIntervalMs = 2_000;

/** The members of every task. The task is the call, so it lives as long as the record of the call. */
export function taskMembers(
  callId: string,
  state: TaskState,
  times: { readonly createdAt: string; readonly lastUpdatedAt: string },
  statusMessage: string | undefined,
): Record<string, unknown> {
  return {
    taskId: callId,
    status: state,
    ...times,
    ttlMs: null,
    pollIntervalMs,
    ...(statusMessage === undefined ? {} : { statusMessage }),
  };
}

/** The answer to a `tools/call` whose call goes on. */
export function createdTask(callId: string, waiting: Waiting): Result {
  const now = new Date(systemClock.now()).toISOString();
  const times = { createdAt: now, lastUpdatedAt: now };
  return { resultType: 'task', ...taskMembers(callId, 'working', times, waitMessage(waiting)) };
}

/** Why a call waits, for a person. */
export function waitMessage(waiting: Waiting): string | undefined {
  if (waiting === undefined) return undefined;
  const { reason, until, approval, connect_url: link } = waiting;
  if (approval !== undefined)
    return `Waits until ${approval.expires_at} for a person to approve it. ${approval.reason}`;
  if (link !== undefined) return `Waits for its user to connect an account: ${link}`;
  return `Waits (${reason})${until === undefined ? '' : `, not before ${until}`}.`;
}
