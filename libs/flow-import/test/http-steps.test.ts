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

describe('the media type of a body', () => {
  const withBody = (parameters: object) =>
    draftOf(
      workflowText(
        {
          Hook: hook,
          Put: {
            type: 'httpRequest',
            version: 4.2,
            parameters: {
              method: 'PUT',
              url: 'https://api.crm.example.com/contacts/ada@example.com',
              sendBody: true,
              bodyParameters: { parameters: [{ name: 'name', value: 'Ada' }] },
              ...parameters,
            },
          },
        },
        ['Hook > Put'],
      ),
    ).code;
  const make = (mapper: object) =>
    draftOf(
      JSON.stringify({
        name: 'Case',
        flow: [
          { id: 1, module: 'gateway:CustomWebHook', mapper: {} },
          {
            id: 2,
            module: 'http:ActionSendData',
            mapper: {
              url: 'https://api.crm.example.com/contacts/ada@example.com',
              method: 'put',
              data: '{"name":"Ada"}',
              ...mapper,
            },
          },
        ],
      }),
    ).code;

  it('that is JSON matches a tool with a body of JSON', () => {
    expect(withBody({})).toContain('crm_update_contact');
    expect(withBody({ contentType: 'json' })).toContain('crm_update_contact');
    expect(make({ bodyType: 'raw', contentType: 'application/json' })).toContain('crm_update_contact');
  });

  it('that is another one becomes a header of a request of its own', () => {
    const form = /http_request[^]*'Content-Type': 'application\/x-www-form-urlencoded'/;
    expect(withBody({ contentType: 'form-urlencoded' })).toMatch(form);
    const xml = { contentType: 'raw', rawContentType: 'application/xml', body: '<a/>' };
    expect(withBody(xml)).toMatch(/http_request[^]*'Content-Type': 'application\/xml'/);
    const fields = { bodyType: 'x_www_form_urlencoded', formDataFields: [{ key: 'name', value: 'Ada' }] };
    expect(make(fields)).toMatch(form);
    expect(make({ bodyType: 'raw', contentType: 'text/csv' })).toMatch(/'Content-Type': 'text\/csv'/);
  });
});

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
