import { createHash } from 'node:crypto';

import type { RecordedAdministration } from '@action-mesh/contracts/audit';
import { routes } from '@action-mesh/contracts/gateway';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { jest } from '@jest/globals';
import fastify from 'fastify';

import { isAdministrative, recordAdministration } from './administration-record.js';

async function stage(failure?: Error) {
  const acts: RecordedAdministration[] = [];
  const handled: string[] = [];
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.decorateRequest('caller');
  app.addHook('onRequest', (request, _reply, done) => {
    Object.assign(request, { caller: samplePrincipal({ tenantId: 'acme', holder: 'ada' }) });
    done();
  });
  recordAdministration(app, {
    log: {
      administrationRecorded: (act) => {
        if (failure !== undefined) return Promise.reject(failure);
        acts.push(act);
        return Promise.resolve();
      },
    },
    clock: { now: () => Date.parse('2026-11-30T10:00:00Z') },
    logger: { error: () => undefined },
  });
  app.put('/v1/limits/:id', { config: { meshRoute: routes.putLimit } }, (_request, reply) => {
    handled.push(acts.map(({ phase }) => phase).join());
    void reply.code(422).send('{"code":"invalid_limit"}');
  });
  app.delete('/v1/users/:user/data', { config: { meshRoute: routes.eraseUser } }, () => ({}));
  app.get('/v1/limits', { config: { meshRoute: routes.listLimits } }, () => ({}));
  await app.ready();
  return { app, acts, handled };
}

const body = Buffer.from('{"per_minute":60,"client_secret":"hush","note":"Bearer abcdefghijk"}');

describe('an act at an administrative route', () => {
  it('has a durable intent before its effect, and a result after it, without secrets (EX1 to EX3)', async () => {
    const { app, acts, handled } = await stage();
    await app.inject({ method: 'PUT', url: '/v1/limits/slack?x=1', body });
    expect(handled).toEqual(['intent']);
    expect(acts).toMatchObject([
      {
        phase: 'intent',
        tenant_id: 'acme',
        holder: 'ada',
        route: 'putLimit',
        scope: 'limits:admin',
        method: 'PUT',
        target: '/v1/limits/slack',
        body: {
          bytes: body.length,
          text: '{"per_minute":60,"client_secret":"[redacted]","note":"[redacted]"}',
        },
      },
      { phase: 'result', act_id: acts[0]?.act_id, status: 422, problem: 'invalid_limit' },
    ]);
    expect(JSON.stringify(acts)).not.toMatch(/hush|abcdefghijk/);
    await app.close();
  });

  it('that erases a user does not record the name of the user', async () => {
    const { app, acts } = await stage();
    await app.inject({ method: 'DELETE', url: '/v1/users/grace%40example.com/data?x=grace' });
    expect(acts.map(({ phase, target }) => `${phase} ${target}`)).toEqual([
      'intent /v1/users/:user/data',
      'result /v1/users/:user/data',
    ]);
    expect(JSON.stringify(acts)).not.toContain('grace');
    await app.close();
  });

  it('has the digest of a long body, which nothing on the path of the request parses or redacts', async () => {
    const { app, acts } = await stage();
    const long = Buffer.from(JSON.stringify({ note: 'n'.repeat(32_000), client_secret: 'hush' }));
    const spy = jest.spyOn(JSON, 'parse');
    try {
      await app.inject({ method: 'PUT', url: '/v1/limits/slack', body: long });
      expect(spy.mock.calls.filter(([text]) => text.length > 1_000)).toEqual([]);
    } finally {
      spy.mockRestore();
    }
    expect(acts[0]?.body).toEqual({
      bytes: long.length,
      digest: createHash('sha256').update(long).digest('hex'),
    });
    await app.close();
  });

  it('costs little time for a hostile body of every recorded length', async () => {
    const { app, acts } = await stage();
    const before = process.cpuUsage();
    for (const length of [7_000, 30_000, 250_000]) {
      const hostile = Buffer.from(JSON.stringify({ note: 'eyJ-'.repeat(length / 4) }));
      await app.inject({ method: 'PUT', url: '/v1/limits/slack', body: hostile });
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
    expect(acts).toHaveLength(6);
    await app.close();
  });

  it('does not happen when its intent cannot be recorded (EX1)', async () => {
    const { app, handled } = await stage(new Error('no log'));
    const { statusCode } = await app.inject({ method: 'PUT', url: '/v1/limits/slack', body });
    expect(statusCode).toBe(500);
    expect(handled).toEqual([]);
    await app.close();
  });

  it('is a change with a scope of administration, and no read', async () => {
    const { app, acts } = await stage();
    await app.inject({ method: 'GET', url: '/v1/limits' });
    expect(acts).toEqual([]);
    const names = Object.entries(routes)
      .filter(([, route]) => isAdministrative(route))
      .map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'createKey',
        'revokeKey',
        'putLimit',
        'turnOnSwitch',
        'putPolicy',
        'approveCall',
        'resolveCall',
        'approveOverride',
        'putTrigger',
        'createWebhookEndpoint',
        'putIntegration',
        'putTenant',
        'importToolkit',
        'eraseUser',
        'disconnect',
      ]),
    );
    expect(names).not.toContain('executeTool');
    await app.close();
  });
});
