/** Tools of imported documents find their integration by the host of their address. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { IntegrationDirectory } from '@action-mesh/connections';
import type { Tool } from '@action-mesh/contracts/catalog';
import { importDocument, type ImportOptions } from '@action-mesh/openapi';

import { baseOf, hostsOf } from './account-address.js';
import { providers } from './registry.js';

/** The tenant's choices for one integration. */
interface Choices {
  readonly serves?: string[];
  /** Hosts beyond those of the provider. */
  readonly hosts?: string[];
}

/** The integration that serves a tool when the tenant has set up these providers, each under its own id. */
function serving(tool: Tool | undefined, chosen: Readonly<Record<string, Choices>>): string | undefined {
  if (tool === undefined) throw new Error('the document has no operation');
  const directory = new IntegrationDirectory();
  for (const [id, { serves = [], hosts = [] }] of Object.entries(chosen)) {
    const all = [...(providers.get(id)?.hosts ?? []), ...hosts];
    const changed_at = '2026-11-30T09:00:00.000Z';
    directory.put({ tenant_id: 'acme', integration: id, provider: id, serves, hosts: all, changed_at });
  }
  return directory.serving('acme', tool)?.integration;
}

/** Every provider with hosts of its own, without a choice of the tenant. */
const everything: Readonly<Record<string, Choices>> = Object.fromEntries(
  [...providers.values()].filter(({ hosts }) => hosts.length > 0).map(({ id }) => [id, {}] as const),
);

function toolOf(document: object, options: ImportOptions = {}): Tool | undefined {
  return importDocument(JSON.stringify(document), options).tools[0];
}

/** The beginning of a vendor's own document, with one operation. */
function documentAt(servers: readonly object[], title = 'Acme'): object {
  const get = { operationId: 'listThings', responses: { 200: { description: 'Things.' } } };
  return { openapi: '3.1.0', info: { title, version: '1' }, servers, paths: { '/things': { get } } };
}

describe('a tool of an imported document', () => {
  it('of GitHub’s own description is served by github', () => {
    const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
    const { tools } = importDocument(readFileSync(path, 'utf8'), { select: ['tag:meta'] });
    expect(tools.length).toBeGreaterThan(3);
    for (const tool of tools) expect(serving(tool, everything)).toBe('github');
  });

  // The servers as the vendors write them in their documents.
  it.each([
    ['https://www.googleapis.com/drive/v3', 'google'],
    ['https://sheets.googleapis.com/', 'google'],
    ['https://api.atlassian.com/ex/jira/{cloudId}', 'atlassian'],
    ['https://api.hubapi.com', 'hubspot'],
    ['https://api.stripe.com/', 'stripe'],
    ['https://graph.microsoft.com/v1.0', 'microsoft'],
    ['https://app.asana.com/api/1.0', 'asana'],
    ['https://discord.com/api/v10', 'discord'],
    ['https://api.zoom.us/v2', 'zoom'],
    ['https://api.intercom.io', 'intercom'],
    ['https://eu1.make.com/api/v2', 'make'],
    ['https://api.airtable.com', 'airtable'],
    ['https://www.zohoapis.com/crm/v8', 'zoho'],
    ['https://MyDomain.my.salesforce.com', 'salesforce'],
  ])('at %s is served by %s', (url, id) => {
    const variables = { cloudId: { default: 'your-cloud-id' } };
    expect(serving(toolOf(documentAt([{ url, variables }])), everything)).toBe(id);
  });

  it('of a Swagger document is served by the provider of its host', () => {
    const { openapi: _, servers: __, ...rest } = documentAt([]) as Record<string, unknown>;
    const swagger = { ...rest, swagger: '2.0', host: 'slack.com', basePath: '/api', schemes: ['https'] };
    expect(serving(toolOf(swagger), everything)).toBe('slack');
    expect(serving(toolOf(swagger), { 'slack-user': {} })).toBe('slack-user');
  });

  it('is served by an alternative that names it, and by nothing that only looks alike', () => {
    const tool = toolOf(documentAt([{ url: 'https://api.github.com' }], 'GitHub'));
    expect(serving(tool, { github: {}, 'github-app': { serves: [tool?.provider.slug ?? ''] } })).toBe(
      'github-app',
    );
    expect(
      serving(toolOf(documentAt([{ url: 'https://api.github.com.evil.example' }])), everything),
    ).toBeUndefined();
    expect(serving(toolOf(documentAt([{ url: 'https://api.github.com:8443' }])), everything)).toBeUndefined();
  });

  it('at a host that no provider knows needs one setting: the host', () => {
    const tool = toolOf(documentAt([{ url: 'https://api.acme.example/v1' }]));
    expect(serving(tool, { ...everything, 'api-key-header': {} })).toBeUndefined();
    expect(serving(tool, { ...everything, 'api-key-header': { hosts: ['api.acme.example'] } })).toBe(
      'api-key-header',
    );
    expect(serving(tool, { ...everything, oauth2: { hosts: ['*.acme.example'] } })).toBe('oauth2');
  });

  it('without a server gets its address at the import, and then its provider', () => {
    const tool = toolOf(documentAt([{ url: '/api/v3' }]), {
      documentUrl: 'https://git.acme.example/openapi.json',
    });
    expect(serving(tool, everything)).toBeUndefined();
    expect(serving(tool, { github: { hosts: ['git.acme.example'] } })).toBe('github');
    const moved = toolOf(documentAt([{ url: '/' }]), { baseUrl: 'https://api.github.com' });
    expect(serving(moved, everything)).toBe('github');
  });

  it('at the own host of a Jira site needs its address at the import: a token of OAuth works elsewhere', () => {
    const jira = documentAt([{ url: 'https://your-domain.atlassian.net' }]);
    expect(serving(toolOf(jira), everything)).toBeUndefined();
    // `serves` alone selects the integration and gives the host no credential.
    const atlassian = providers.get('atlassian');
    if (atlassian === undefined) throw new Error('there is no provider atlassian');
    const base = baseOf(atlassian, {
      settings: {},
      fields: {},
      baseUrl: 'https://api.atlassian.com/ex/jira/1',
    });
    expect(hostsOf(atlassian, [], base)).toEqual(['api.atlassian.com']);
    expect(serving(toolOf(jira, { baseUrl: base?.from ?? '' }), everything)).toBe('atlassian');
  });
});
