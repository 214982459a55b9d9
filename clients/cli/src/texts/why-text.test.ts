import type { RecordedCall } from '@action-mesh/sdk';

import { whyText, type ExplainedCall } from './why-text.js';

const at = (second: number): string => `2026-11-30T10:00:0${second}.000Z`;
const id = '01a22cf5-e900-74a3-8bd8-773239d1f9cd';

function explained(changes: Partial<RecordedCall>, tried: ExplainedCall['attempts']['tried'] = []) {
  const call = {
    call_id: id,
    tenant_id: 'acme',
    user_id: 'ada',
    tool: { slug: 'mail_send', version: '1.0.0' },
    state: 'SUCCEEDED',
    attempts: tried.length,
    arguments: { to: 'bob@example.com' },
    received_at: at(0),
    trace_id: 'b8c7134679301c1e15aac21b7ec1e68a',
    ...changes,
  } as RecordedCall;
  const attempts = { call_id: id, state: call.state, attempts: tried.length, tried };
  return whyText({ call, attempts }, (_, text) => text);
}

describe('the explanation of a call', () => {
  it('tells thought, agent, policy, attempts with times and errors, and the trace', () => {
    const text = explained(
      {
        agent: { id: 'sales', run_id: 'run-1', step: 3, thought: 'Bob asked for the price.' },
        policy: {
          decision: 'ask',
          rule: { id: 'mails', revision: 2, reason: 'mails leave the house' },
          explained: 'A person is asked.',
          approval: { id: 'ap-1', by: 'eve' },
        },
      },
      [
        { attempt: 1, at: at(1), kind: 'request', evidence: 'unanswered', message: 'connection reset' },
        { attempt: 2, at: at(3), kind: 'request', evidence: 'answered', status_code: 200, duration_ms: 41 },
      ],
    );
    expect(text).toContain('thought    Bob asked for the price.');
    expect(text).toContain('user ada, agent sales, run run-1, step 3');
    expect(text).toContain('ask by rule mails (revision 2): A person is asked.; approval ap-1 by eve');
    expect(text).toContain(`${at(1)}  attempt 1: unanswered: connection reset`);
    expect(text).toContain(`${at(3)}  attempt 2: answered, status 200, 41 ms`);
    expect(text).toContain('b8c7134679301c1e15aac21b7ec1e68a');
  });

  it.each([
    ['DEAD', `mesh dlq redrive ${id}`],
    ['NEEDS_REVIEW', `mesh dlq resolve ${id} happened`],
    ['AWAITING_APPROVAL', 'mesh approvals show'],
    ['AWAITING_AUTH', 'the user connects the account'],
    ['THROTTLED', `mesh calls cancel ${id}`],
    ['SUCCEEDED', 'the call has ended'],
  ] as const)('of a call in %s names the next step', (state, step) => {
    expect(explained({ state })).toContain(step);
  });

  it('fits one screen, whatever the call holds, and cannot control the terminal', () => {
    const tried = Array.from({ length: 500 }, (_, index) => ({
      attempt: index + 1,
      at: at(1),
      kind: 'request' as const,
      evidence: 'unanswered' as const,
      message: `\u001b[2J${'x'.repeat(5_000)}`,
    }));
    const text = explained({ arguments: { text: `\u001b[2J\n${'y'.repeat(100_000)}` } }, tried);
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text.length).toBeLessThan(5_000);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('the first 492 are left out');
  });
});
