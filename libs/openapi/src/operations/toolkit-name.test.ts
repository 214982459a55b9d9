import fc from 'fast-check';

import { toolkitName } from './toolkit-name.js';

describe('the name of a toolkit', () => {
  it.each([
    ["GitHub's official OpenAPI spec + Octokit extension", 'github'],
    ['GitHub v3 REST API', 'github'],
    ['The Jira Cloud platform REST API', 'jira_cloud_platform'],
    ['Swagger Petstore - OpenAPI 3.0', 'petstore'],
    ['Slack Web API', 'slack'],
    ['Google Calendar API', 'google_calendar'],
    ['Café Übersicht', 'cafe_ubersicht'],
    ['A remarkably extensive description of things', 'remarkably_extensive'],
    ['Antidisestablishmentarianism API', 'antidisestablishmentaria'],
    ['REST API: Orders', 'orders'],
    ['REST API', 'rest_api'],
    ['API v2', 'api_v2'],
    ['1Forge Finance APIs', 'api_1forge_finance'],
    ['2024', 'api_2024'],
    ['заказы', ''],
    ['', ''],
  ])('of %j is %j', (title, name) => {
    expect(toolkitName(title)).toBe(name);
  });

  it.each([
    ['API', 'api.example.com', 'example'],
    ['Account API', 'api.ebay.com', 'ebay'],
    ['Gateway', 'gateway.acme.co.uk', 'acme'],
    ['FastAPI', 'my-shop.herokuapp.com', 'my_shop'],
    ['API v1', 'api.1forge.com', 'api_1forge'],
    ['заказы', 'api.example.ru', 'example'],
    ['Events - Acme', 'api.acme.com', 'acme'],
    ['Acme Account API', 'api.acme.com', 'acme_account'],
    ['Orders', 'api.acme.com', 'acme_orders'],
    ['Orders API of Acme', 'api.acme.co.uk', 'acme_orders'],
    ['GitHub v3 REST API', 'api.github.com', 'github'],
    ['Google Calendar API', 'www.googleapis.com', 'google_calendar'],
    ['Digital Ocean API', 'api.digitalocean.com', 'digital_ocean'],
    ['The Jira Cloud platform REST API', 'your-domain.atlassian.net', 'atlassian_jira_cloud'],
    ['Orders', 'localhost', 'orders'],
    ['Orders', '10.0.0.1', 'orders'],
    ['Account API', 'localhost', 'account'],
    ['Account API', '10.0.0.1', 'account'],
    ['Account API', '[::1]', 'account'],
    ['Account API', 'api.io', 'account'],
    ['Account API', 'xn--80ak6aa92e.com', 'account'],
    ['Account API', 'herokuapp.com', 'account'],
  ])('of %j at %j is %j', (title, host, name) => {
    expect(toolkitName(title, host)).toBe(name);
  });

  it.each([
    ['Acme', 'sandbox.acme.com', 'acme_sandbox'],
    ['A remarkably extensive description of things', '', 'remarkably_sandbox'],
    ['Acme Sandbox', 'sandbox.acme.com', 'acme_sandbox'],
    ['заказы', '', ''],
  ])('of the sandbox of %j at %j is %j', (title, host, name) => {
    expect(toolkitName(title, host, true)).toBe(name);
  });

  it('is whole words of the title, 24 characters at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
        expect(toolkitName(title)).toMatch(/^([a-z0-9]+(_[a-z0-9]+)*)?$/);
        expect(toolkitName(title).length).toBeLessThanOrEqual(24);
      }),
    );
  });
});
