import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { stepLineSchema } from '@action-mesh/contracts/audit';
import { JsonText } from '@action-mesh/kernel';

import type { NewEntry } from '../domain/new-entry.js';
import { StepLines } from './step-lines.js';

const accepted: NewEntry = {
  tenantId: 'acme',
  id: '01998c5e-7000-8333-9444-555566667777',
  kind: 'call.accepted',
  at: '2026-11-30T10:00:00.000Z',
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  callId: '01998c5e-7000-7333-9444-555566667777',
  agentId: 'bot',
  runId: 'run-1',
  step: 1,
  tool: 'crm_update_contact',
  toolVersion: '1.4.0',
  status: 'accepted',
  userId: 'ada',
  facts: { mode: 'live' },
  content: '{"arguments":{"id":12345678901234567890}}',
};

const ended: NewEntry = {
  ...accepted,
  kind: 'call.failed',
  status: 'failed',
  errorCategory: 'provider',
  facts: {
    attempts: 3,
    duration_ms: 42,
    upstream_status_code: 503,
    error_code: 'provider_unavailable',
    circuit_breaker_status: 'open',
    waiting: { reason: 'retry' },
    compensating_actions: [
      { call_id: '01998c5e-7000-7333-9444-555566667778', tool: 'crm_restore_contact', status: 'succeeded' },
    ],
  },
  content: '{"result":{"message":"down"}}',
};

describe('the step log', () => {
  it('has every field of a step, with the request of the call on its later lines', () => {
    const lines = new StepLines(true);
    expect(lines.line(accepted)).toMatchObject({
      original_request: new JsonText('{"id":12345678901234567890}'),
    });
    const line = lines.line(ended);
    expect(Object.keys(line).sort()).toEqual(Object.keys(stepLineSchema.shape).sort());
    expect(stepLineSchema.parse(line)).toBeDefined();
    expect(line).toMatchObject({
      retry_attempts: 2,
      status_code: 503,
      original_request: new JsonText('{"id":12345678901234567890}'),
      upstream_response: { status_code: 503, body: new JsonText('{"message":"down"}') },
    });
  });

  it('shows digests of long values, and of all values when content is not kept', () => {
    const long = { ...accepted, content: `{"arguments":"${'x'.repeat(3_000)}"}` };
    expect(new StepLines(true).line(long)).toMatchObject({
      original_request: { characters: 3_002, digest: expect.any(String) as string },
    });
    expect(JSON.stringify(new StepLines(false).line(accepted))).not.toContain('12345678901234567890');
  });

  it('is described field by field', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../docs/step-log.md'), 'utf8');
    const described = [...text.matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(described.sort()).toEqual(Object.keys(stepLineSchema.shape).sort());
  });
});
