import { IntegrationDirectory } from '@action-mesh/connections';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import { ToolAllowList } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import type { JsonValue } from '@action-mesh/kernel';

import { problemOf } from '../adapters/http/problem-table.js';
import { readProxyCall } from '../domain/proxy-call.js';
import type { ExecuteOptions } from './execute-call.js';
import { SendProxied } from './send-proxied.js';

const connection = '01998c50-0000-7a0b-8c0d-0e0f10111213';
const get = { user_id: 'ada', method: 'GET', path: '/user' };

function stage(): {
  readonly sent: (readonly [CallRequest, ExecuteOptions])[];
  readonly send: (
    caller: ReturnType<typeof samplePrincipal>,
    name?: string,
    body?: JsonValue,
  ) => Promise<string>;
} {
  const integrations = new IntegrationDirectory();
  integrations.put({
    tenant_id: 'acme',
    integration: 'github',
    provider: 'github-app',
    serves: [],
    changed_at: '2026-11-30T09:00:00.000Z',
    hosts: ['api.github.com'],
  });
  const sent: (readonly [CallRequest, ExecuteOptions])[] = [];
  const proxied = new SendProxied({
    integrations,
    tools: { registry: () => undefined as never },
    execute: {
      execute: (request, options) => {
        sent.push([request, options]);
        return Promise.resolve({ call: {} as never });
      },
    },
  });
  return {
    sent,
    send: async (caller, name = 'github', body = get) => {
      const options = { caller, waitMs: 0, whenGone: () => undefined, trace: {} as never };
      try {
        await proxied.execute(name, readProxyCall(name, body), options);
        return 'sent';
      } catch (error) {
        return problemOf(error)?.problem.code ?? 'defect';
      }
    },
  };
}

const caller = samplePrincipal({ tenantId: 'acme' });

describe('a proxied request', () => {
  it('is a call of mesh_proxy with the provider of the integration', async () => {
    const { sent, send } = stage();
    expect(await send(caller, 'github', { ...get, effect: 'read', connection_id: connection })).toBe('sent');
    const [[request, options] = []] = sent;
    expect(request).toMatchObject({
      user_id: 'ada',
      connection_id: connection,
      tool: { slug: 'mesh_proxy', version: '1.0.0' },
      arguments: { integration: 'github', method: 'GET', path: '/user', effect: 'read' },
    });
    expect(options?.builtIn?.provider).toBe('github_app');
    expect(options?.builtIn?.registered.tool.effect.class).toBe('read');
  });

  it.each([
    ['no tools', undefined, 'sent'],
    ['every tool', ['*'], 'sent'],
    ['the proxy', ['mesh_proxy'], 'sent'],
    ['tools of the provider', ['github/*', 'github_*'], 'key_limited'],
  ])('of a key that is limited to %s: PX1', async (_, patterns, expected) => {
    const tools = patterns === undefined ? undefined : new ToolAllowList(patterns);
    expect(await stage().send(samplePrincipal({ tenantId: 'acme', tools }))).toBe(expected);
  });

  it('finds no integration of another tenant (PX2)', async () => {
    const { send, sent } = stage();
    expect(await send(samplePrincipal({ tenantId: 'globex' }))).toBe('integration_not_found');
    expect(await send(caller, 'slack')).toBe('integration_not_found');
    expect(sent).toEqual([]);
  });

  it.each<[string, JsonValue]>([
    ['no object', []],
    ['null', null],
    ['no user', { method: 'GET', path: '/user' }],
    ['a path that leaves the base', { ...get, path: '/../admin' }],
    ['an encoded path that leaves the base', { ...get, path: '/%2e%2e/admin' }],
    ['a whole address', { ...get, path: 'https://evil.example/' }],
    ['another authority', { ...get, path: '//evil.example/' }],
    ['a query in the path', { ...get, path: '/user?x=1' }],
    ['an unknown method', { ...get, method: 'CONNECT' }],
    ['a credential of its own', { ...get, headers: { Authorization: 'Bearer x' } }],
    ['another host', { ...get, headers: { host: 'evil.example' } }],
    ['a header with a line end', { ...get, headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['a read that writes', { ...get, method: 'POST', effect: 'read' }],
    ['a tool of its choice', { ...get, tool: { slug: 'other' } }],
    ['arguments of its choice', { ...get, arguments: { integration: 'slack' } }],
    ['another integration', { ...get, integration: 'slack' }],
    ['a wrong connection id', { ...get, connection_id: 'latest' }],
  ])('is refused with %s', async (_, body) => {
    const { send, sent } = stage();
    expect(await send(caller, 'github', body)).toBe('invalid_request');
    expect(sent).toEqual([]);
  });
});
