import type { Integration } from '@action-mesh/contracts/auth-broker';

import { prepareProxy } from './proxy-call.js';

const github: Integration = {
  tenant_id: 'acme',
  integration: 'github',
  provider: 'github-app',
  serves: [],
  changed_at: '2026-11-30T09:00:00.000Z',
  hosts: ['api.github.com'],
  base_url: 'https://api.github.com/v3',
};

const prepare = (args: object, integration: Integration | undefined = github) =>
  prepareProxy(
    { arguments: { integration: 'github', method: 'GET', path: '/', ...args } },
    () => integration,
  );
const build = (args: object, integration?: Integration) => prepare(args, integration).buildRequest({});

it('goes below the base URL of its integration', () => {
  expect(build({ path: '/repos/a%20b', query: { page: 2, q: ['x y', 'z&'], all: true } })).toEqual({
    method: 'GET',
    url: 'https://api.github.com/v3/repos/a%20b?page=2&q=x+y&q=z%26&all=true',
    headers: {},
  });
});

it('without a base URL goes to the address of its connection', () => {
  const { base_url: _base, ...without } = github;
  expect(build({ path: '/x' }, without).url).toBe('https://connection.invalid/x');
});

it('sends JSON, and text under another content type', () => {
  expect(build({ method: 'POST', body: { a: 1 } })).toMatchObject({
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  expect(build({ method: 'POST', body: 'text' })).toMatchObject({ body: '"text"' });
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect(build({ method: 'POST', body: 'a=1', headers: form })).toMatchObject({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'a=1',
  });
});

it('is opaque by default, and belongs to the provider of its integration', () => {
  expect(prepare({}).tool).toMatchObject({ effect: { class: 'opaque' }, provider: { slug: 'github_app' } });
  expect(prepare({ effect: 'read' }).tool.effect).toEqual({ class: 'read' });
  expect(prepare({ method: 'PUT', effect: 'idempotent' }).tool.effect).toEqual({ class: 'idempotent' });
  expect(prepare({}, { ...github, serves: ['gh'] }).tool.provider.slug).toBe('gh');
  expect(prepare({}).endpoint).toBe('GET api.github.com/*');
});

it.each([
  { path: '/../admin' },
  { path: '//evil.example.com' },
  { path: 'https://evil.example.com/' },
  { headers: { authorization: 'Bearer x' } },
  { method: 'POST', effect: 'read' },
  { integration: 7 },
])('makes no request of %j', (args) => {
  expect(() => build(args)).toThrow('makes no request');
});
