import { childSpan } from '@action-mesh/kernel';
import { noMetrics, noSpans, type FinishedSpan, type Labels } from '@action-mesh/telemetry/port';

import type { RefreshResult } from '../../application/connections/refresh-result.js';
import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import { WatchedRefreshes } from './watched-refreshes.js';

const connection = {
  tenantId: 'acme',
  userId: 'ada',
  integration: 'crm',
  provider: 'hubspot',
  id: '00000000-0000-4000-8000-000000000001',
} as StoredConnection;

function stage() {
  const spans: FinishedSpan[] = [];
  const counts: Labels[] = [];
  const root = childSpan();
  const watch = new WatchedRefreshes(
    { ...noSpans, isOn: true, record: (span) => void spans.push(span), root: () => root },
    { ...noMetrics, counter: () => ({ add: (labels = {}) => void counts.push(labels) }) },
  );
  return { spans, counts, root, watch };
}

it('a refresh is a span below the one that waits for it', async () => {
  const { watch, spans, counts } = stage();
  const parent = childSpan();
  const result: RefreshResult = { kind: 'refreshed', connection };
  expect(await watch.refresh(connection, parent, () => Promise.resolve(result))).toBe(result);
  expect(spans).toMatchObject([
    {
      name: 'refresh token',
      trace: { traceId: parent.traceId },
      parentSpanId: parent.spanId,
      facts: { tenantId: 'acme', userId: 'ada' },
      attributes: {
        'mesh.integration': 'crm',
        'mesh.provider': 'hubspot',
        'mesh.refresh.result': 'refreshed',
      },
    },
  ]);
  expect(spans[0]).not.toHaveProperty('error');
  expect(counts).toEqual([{ integration: 'crm', result: 'refreshed' }]);
});

it('a refresh that no call waits for is a trace of its own', async () => {
  const { watch, spans, root } = stage();
  await watch.refresh(connection, undefined, () => Promise.resolve({ kind: 'refreshed', connection }));
  expect(spans).toMatchObject([{ trace: root, parentSpanId: undefined }]);
});

it.each<[RefreshResult, string]>([
  [{ kind: 'needs_reauth', connection }, 'needs_reauth'],
  [{ kind: 'broken', code: 'invalid_client', retryAfterMs: 1 }, 'invalid_client'],
  [{ kind: 'unavailable', code: 'timeout', retryAfterMs: 1 }, 'timeout'],
  [{ kind: 'gone' }, 'gone'],
])('%j is counted, and is an error whose trace is kept', async (result, type) => {
  const { watch, spans, counts } = stage();
  await watch.refresh(connection, undefined, () => Promise.resolve(result));
  expect(counts).toEqual([{ integration: 'crm', result: result.kind }]);
  expect(spans).toMatchObject([{ error: { type }, keep: true }]);
});

it('a refresh that throws is counted, and its error passes on', async () => {
  const { watch, spans, counts } = stage();
  const failed = watch.refresh(connection, undefined, () => Promise.reject(new TypeError('a secret')));
  await expect(failed).rejects.toThrow('a secret');
  expect(counts).toEqual([{ integration: 'crm', result: 'failed' }]);
  expect(spans).toMatchObject([{ error: { type: 'TypeError' } }]);
  expect(JSON.stringify(spans)).not.toContain('a secret');
});
