import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan } from '@action-mesh/kernel';
import { noSpans, type FinishedSpan } from '@action-mesh/telemetry/port';

import type { Move } from '../../application/ledger.port.js';
import { transitions } from '../../domain/call.js';
import type { Ending } from '../../domain/outcome.js';
import { CallSpans } from './call-spans.js';

const call: AcceptedCall = {
  call_id: '019b76da-a800-7000-8000-000000000001',
  tenant_id: 'acme',
  user_id: 'ada',
  tool: { slug: 'crm_update', version: '1.0.0' },
  arguments: { note: 'hello', auth: { password: 'hush-hush' }, text: '{"api_key":"hush-hush"}' },
  scope: 'run:1',
  mode: 'live',
  hash: 'a'.repeat(64),
  content_hash: 'a'.repeat(64),
  accepted_at: '2026-11-30T10:00:00Z',
};

/** The `execute_tool` span of a call that ends like this. */
function spanOf(ending: Ending, { hasContent }: { readonly hasContent: boolean }): FinishedSpan {
  const spans: FinishedSpan[] = [];
  const watch = new CallSpans({
    spans: { ...noSpans, isOn: true, hasContent, record: (span) => void spans.push(span) },
    effectOf: () => 'opaque',
  });
  const from = transitions(undefined, { type: 'receive' }, { type: 'claim' }, { type: 'dispatch' });
  if (!from.ok) throw new Error(from.reason);
  const end =
    ending.status === 'succeeded'
      ? ({ type: 'succeed', attempt: 1 } as const)
      : ({ type: 'fail', attempt: 1 } as const);
  const to = transitions(from.call, end);
  if (!to.ok) throw new Error(to.reason);
  const move: Move = {
    known: { call, trace: childSpan(), receivedAtMs: 0 },
    from: from.call,
    to: to.call,
    ending,
    evidence: true,
  };
  watch.moved([move], [true]);
  const [span] = spans;
  if (span === undefined) throw new Error('no span was recorded');
  return span;
}

const failed: Ending = {
  status: 'failed',
  failure: {
    code: 'provider_refused',
    category: 'provider',
    message: 'the provider answered: unknown customer Ada, token sk_live_0123456789abcdef',
  },
};

describe('the span of a call without content', () => {
  it('shows no message of an error, which may quote the provider, and keeps its type', () => {
    const span = spanOf(failed, { hasContent: false });
    expect(span.error).toEqual({ type: 'provider_refused' });
    expect(JSON.stringify(span)).not.toContain('Ada');
  });

  it('shows neither arguments nor result', () => {
    const span = spanOf({ status: 'succeeded', result: '"a result"' }, { hasContent: false });
    expect(JSON.stringify(span)).not.toMatch(/hello|a result/);
  });
});

describe('the span of a call with content', () => {
  it('shows the message of an error without credentials', () => {
    expect(spanOf(failed, { hasContent: true }).error).toEqual({
      type: 'provider_refused',
      message: 'the provider answered: unknown customer Ada, token [redacted]',
    });
  });

  it('masks secrets of arguments and results by name and by form, at any depth', () => {
    const result =
      '{"id": 12345678901234567890, "session": {"access_token": "hush-hush"}, "Set-Cookie": ["hush-hush"], "raw": "{\\"client_secret\\":\\"hush-hush\\"}", "note": "Bearer hush-hush-hush"}';
    const { attributes } = spanOf({ status: 'succeeded', result }, { hasContent: true });
    expect(JSON.stringify(attributes)).not.toContain('hush');
    expect(attributes['gen_ai.tool.call.result']).toContain('"id":12345678901234567890');
    expect(attributes['gen_ai.tool.call.arguments']).toContain('"note":"hello"');
  });

  it('cuts a text after its secrets are gone, so that no half of one is left', () => {
    const jwt = `eyJhbGciOiJub25lIn0.${'hush'.repeat(200)}.${'hush'.repeat(10)}`;
    const result = JSON.stringify({ fill: 'x'.repeat(31_700), note: jwt });
    const text = String(
      spanOf({ status: 'succeeded', result }, { hasContent: true }).attributes['gen_ai.tool.call.result'],
    );
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hush');
    const long = spanOf({ status: 'succeeded', result: `"${'x'.repeat(40_000)}"` }, { hasContent: true });
    expect(String(long.attributes['gen_ai.tool.call.result'])).toHaveLength(32_001);
  });

  it('leaves out a text that is too long to be searched', () => {
    const result = JSON.stringify('x'.repeat(300_000));
    expect(
      spanOf({ status: 'succeeded', result }, { hasContent: true }).attributes['gen_ai.tool.call.result'],
    ).toBe('[omitted: 300002 characters]');
  });
});
