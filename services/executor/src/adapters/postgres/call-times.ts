import type { CallState, CallView, OutcomeOfCall, Tried } from '@action-mesh/contracts/executor';
import { jsonAt, type JsonText } from '@action-mesh/kernel';

/** The times of a call in its own row and the related rows. */
export interface KnownTimes {
  readonly state: CallState | null;
  readonly attempt: number | null;
  readonly tried: string | null;
  readonly received_at: Date | null;
  readonly dispatched_at: Date | null;
  readonly sent_at: Date | null;
  readonly renewed_at: Date | null;
  readonly waiting_since: Date | null;
  readonly died_at: Date | null;
  readonly ended_at: Date | null;
}

type States = NonNullable<CallView['states']>;

/** The states with a known time, the oldest first. A state between two attempts leaves no time behind. */
export function statesOf(row: KnownTimes): States {
  const { state, received_at, dispatched_at, sent_at, renewed_at } = row;
  const since = row.ended_at ?? row.died_at ?? row.waiting_since;
  const known: [CallState, Date | null][] = [
    ['RECEIVED', received_at],
    ['DISPATCHING', dispatched_at],
    ['DISPATCHING', sent_at?.getTime() === dispatched_at?.getTime() ? null : sent_at],
    ['RECEIVED', renewed_at],
  ];
  if (state !== null && since !== null) known.push([state, since]);
  return known
    .flatMap(([name, at]) => (at === null ? [] : [{ state: name, at: at.toISOString() }]))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The attempts that did not end the call. The last one is included when the provider's answer ended the call. */
export function attemptsOf({ tried, attempt, ended_at }: KnownTimes, outcome?: JsonText): Tried[] {
  const before = tried === null ? [] : (JSON.parse(tried) as Tried[]);
  if (ended_at === null || outcome === undefined) return before;
  const text = jsonAt(outcome.text, '/upstream');
  if (text === undefined) return before;
  const upstream = JSON.parse(text) as NonNullable<OutcomeOfCall['upstream']>;
  return [
    ...before,
    {
      attempt: attempt ?? 0,
      at: ended_at.toISOString(),
      kind: 'request',
      evidence: 'answered',
      status_code: upstream.status_code,
    },
  ];
}
