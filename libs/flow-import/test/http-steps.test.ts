import { importFlow } from '../src/index.js';
import { goldenCatalogue } from './catalogue.js';
import { draftOf, hook, workflowText, type GivenNode } from './n8n-workflow.js';

const pairs = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

const put = (headers: Readonly<Record<string, string>>): GivenNode => ({
  type: 'httpRequest',
  version: 4.2,
  parameters: {
    method: 'PUT',
    url: '=https://api.crm.example.com/contacts/{{ $json.body.email }}',
    sendHeaders: true,
    headerParameters: { parameters: pairs(headers) },
    sendBody: true,
    bodyParameters: { parameters: [{ name: 'name', value: 'Ada' }] },
  },
});

const imported = (headers: Readonly<Record<string, string>>) =>
  draftOf(workflowText({ Hook: hook, Put: put(headers) }, ['Hook > Put']));

describe('the headers of an HTTP request', () => {
  it.each([
    {},
    { Accept: '*/*' },
    { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
    { 'User-Agent': 'n8n', 'Content-Length': '7' },
  ])('match the catalog tool when they say nothing more than it: %j', (headers) => {
    expect(imported(headers).code).toContain("run.call('put', crm_update_contact");
    expect(imported(headers).node('Put').state).toBe('translated');
  });

  it.each([
    { Accept: 'text/csv' },
    { Accept: 'application/vnd.crm.v2+json' },
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    { 'X-Tenant': 'acme' },
    { 'X-Tenant': '={{ $json.body.tenant }}' },
    { 'Idempotency-Key': 'k1' },
    { 'If-Match': '"3"' },
  ])('keep it a request of its own when they may change its meaning: %j', (headers) => {
    const { code, node } = imported(headers);
    expect(code).toContain("run.call('put', http_request");
    for (const { name, value } of pairs(headers)) {
      expect(code).toMatch(new RegExp(`headers: \\{ '?${name}'?: `));
      if (!value.startsWith('=')) expect(code).toContain(value);
    }
    expect(node('Put').state).toBe('check');
  });

  it.each(['Authorization', 'X-Api-Key', 'X-Shopify-Access-Token', 'X-Auth', 'Cookie'])(
    'with the credential %s are left out, and the step is marked',
    (name) => {
      const { code, node } = imported({ [name]: '=Bearer {{ $json.body.token }}' });
      expect(code).toContain("run.call('put', crm_update_contact");
      expect(code).not.toContain(name);
      expect(node('Put')).toMatchObject({ state: 'check', hazards: ['secret-inline'] });
    },
  );

  it('are arguments of a tool that has them, and equal the ones that it sends', () => {
    const crm = goldenCatalogue.find(({ slug }) => slug === 'crm_update_contact');
    if (crm === undefined) throw new Error('the catalog has no crm_update_contact');
    const tool = {
      ...crm,
      input: {
        type: 'object',
        properties: { email: {}, name: {}, tenant: { type: 'string' } },
        required: ['email', 'name'],
      },
      http: {
        ...crm.http,
        headers: { 'Crm-Version': '2026-01-01' },
        parameters: [...crm.http.parameters, { argument: 'tenant', in: 'header' as const, name: 'X-Tenant' }],
      },
    };
    const code = (headers: Readonly<Record<string, string>>) =>
      importFlow({
        text: workflowText({ Hook: hook, Put: put(headers) }, ['Hook > Put']),
        name: 'x.json',
        catalogue: [tool],
      }).files.find(({ path }) => path === 'case.ts')?.text;
    expect(code({ 'x-tenant': 'acme', 'crm-version': '2026-01-01' })).toMatch(
      /crm_update_contact, \{[^}]*tenant: 'acme'/,
    );
    expect(code({ 'Crm-Version': '2025-01-01' })).toContain('http_request');
  });
});
