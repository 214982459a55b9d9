import type { CallView } from '@action-mesh/contracts/executor';

import { callAttempts } from './call-attempts.js';

const at = (second: number): string => new Date(1_780_000_000_000 + second * 1_000).toISOString();
const step = (attempt: number, second: number): NonNullable<CallView['tried']>[number] => ({
  attempt,
  at: at(second),
  kind: 'request',
  evidence: 'answered',
  status_code: 503,
});

const view = {
  call_id: '019b76da-a800-7000-8000-000000000001',
  state: 'SUCCEEDED',
  attempts: 3,
  states: [
    { state: 'RECEIVED', at: at(0) },
    { state: 'DISPATCHING', at: at(1) },
    { state: 'DISPATCHING', at: at(20) },
    { state: 'SUCCEEDED', at: at(21) },
  ],
  tried: [step(1, 3), step(2, 11), step(3, 21)],
  request: { digest: 'a'.repeat(64), method: 'POST' },
} as unknown as CallView;

describe('the attempts of a call', () => {
  it('have their duration where the ledger has both times', () => {
    const { tried, request, states } = callAttempts(view);
    expect(tried.map(({ attempt, started_at, duration_ms }) => [attempt, started_at, duration_ms])).toEqual([
      [1, at(1), 2_000],
      [2, undefined, undefined],
      [3, at(20), 1_000],
    ]);
    expect([request, states]).toEqual([view.request, view.states]);
  });

  it('have no wrong duration after a redrive, which counts from one again', () => {
    const tried = [step(1, 3), step(2, 11), step(1, 21)];
    const answer = callAttempts({ ...view, attempts: 1, tried });
    expect(answer.tried.map(({ duration_ms }) => duration_ms)).toEqual([undefined, undefined, 1_000]);
  });

  it('of a person and of a probe have no duration', () => {
    const tried = [{ ...step(3, 21), kind: 'probe' as const }];
    expect(callAttempts({ ...view, tried }).tried[0]).toEqual(tried[0]);
  });
});
