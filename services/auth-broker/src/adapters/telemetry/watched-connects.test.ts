import { childSpan } from '@action-mesh/kernel';
import { noSpans, type FinishedSpan } from '@action-mesh/telemetry/port';

import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import { WatchedConnects } from './watched-connects.js';

const session = {
  tenantId: 'acme',
  userId: 'ada',
  integration: 'crm',
  provider: 'hubspot',
  publicId: 'p-1',
} as ConnectSession;

function stage() {
  const spans: FinishedSpan[] = [];
  const root = childSpan();
  const record = (span: FinishedSpan): void => void spans.push(span);
  return { spans, root, watch: new WatchedConnects({ ...noSpans, isOn: true, record, root: () => root }) };
}

it('each step is a kept span of its own trace, with the user and nothing of the credential', async () => {
  const { spans, root, watch } = stage();
  const end = { kind: 'held', returnUrl: 'https://app.example/?completion=secret' } as const;
  expect(await watch.step('consent', session, () => Promise.resolve(end))).toBe(end);
  expect(spans).toMatchObject([
    {
      name: 'connect consent',
      trace: root,
      facts: { tenantId: 'acme', userId: 'ada' },
      attributes: {
        'mesh.integration': 'crm',
        'mesh.provider': 'hubspot',
        'mesh.connect.result': 'held',
      },
      keep: true,
    },
  ]);
  expect(spans[0]).not.toHaveProperty('error');
  expect(JSON.stringify(spans)).not.toContain('secret');
});

it('a step that fails is an error with its code', async () => {
  const { spans, watch } = stage();
  await watch.step('fields', session, () => Promise.resolve({ kind: 'failed', error: 'credential_refused' }));
  await watch.step('save', session, () => Promise.resolve({ kind: 'busy' }));
  const thrown = watch.step('save', session, () => Promise.reject(new TypeError('a secret')));
  await expect(thrown).rejects.toThrow('a secret');
  expect(spans.map(({ name, error }) => [name, error])).toEqual([
    ['connect fields', { type: 'credential_refused' }],
    ['connect save', { type: 'busy' }],
    ['connect save', { type: 'TypeError' }],
  ]);
});
