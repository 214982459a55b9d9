import type { CallAttempt, CallAttempts, CallView } from '@action-mesh/contracts/executor';
import { defined } from '@action-mesh/kernel';

/** The attempts of a call, from its record in the ledger. */
export function callAttempts(view: CallView): CallAttempts {
  const { call_id, duplicate_of, state, attempts, states, request, tried = [] } = view;
  const starts = startsOf(view);
  return {
    call_id,
    ...defined({ duplicate_of }),
    state,
    attempts,
    tried: tried.map((each): CallAttempt => {
      const startedAt = each.kind === 'request' ? starts.get(each.attempt) : undefined;
      const durationMs = startedAt === undefined ? -1 : Date.parse(each.at) - Date.parse(startedAt);
      return durationMs < 0
        ? each
        : { ...each, ...defined({ started_at: startedAt }), duration_ms: durationMs };
    }),
    ...defined({ states, request }),
  };
}

/** The ledger keeps the times of the first and of the newest request. A redrive begins to count again. */
function startsOf({ states = [], attempts, tried = [] }: CallView): ReadonlyMap<number, string> {
  const sent = states.flatMap(({ state, at }) => (state === 'DISPATCHING' ? [at] : []));
  const [first, last] = [sent[0], sent.at(-1)];
  const starts = new Map<number, string>();
  const isWhole = tried.filter(({ attempt, kind }) => attempt === 1 && kind === 'request').length < 2;
  if (first !== undefined && isWhole) starts.set(1, first);
  if (last !== undefined) starts.set(attempts, last);
  return starts;
}
