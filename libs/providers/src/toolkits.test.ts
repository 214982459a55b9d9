import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { IntegrationDirectory, missingScopes } from '@action-mesh/connections';
import type { Tool } from '@action-mesh/contracts/catalog';
import { isDefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

import { baseOf } from './account-address.js';
import { providers } from './registry.js';
import { expandScopes, ordinaryScopes } from './scopes.js';

const folder = join(import.meta.dirname, '../../toolkits/src');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

async function toolsOf(name: string): Promise<Tool[]> {
  const module = (await import(`@action-mesh/toolkits/${name}`)) as Readonly<Record<string, unknown>>;
  return Object.values(module)
    .filter(isDefinedTool)
    .map((definition) => {
      const compiled = compileTool(definition);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      return compiled.tool;
    });
}

const toolkits = await Promise.all(names.map(async (name) => [name, await toolsOf(name)] as const));

/** A tenant that has set up one integration for each provider of the list, under the provider's id. */
function directoryOf(ids: readonly string[]): IntegrationDirectory {
  const directory = new IntegrationDirectory();
  for (const id of ids) {
    const hosts = [...(providers.get(id)?.hosts ?? [])];
    if (hosts.length > 0)
      directory.put({
        tenant_id: 'acme',
        integration: id,
        provider: id,
        serves: [],
        changed_at: '2026-11-30T09:00:00.000Z',
        hosts,
      });
  }
  return directory;
}

const expected: Readonly<Record<string, string>> = {
  github: 'github',
  gmail: 'google',
  'google-calendar': 'google',
  hubspot: 'hubspot',
  jira: 'atlassian',
  linear: 'linear',
  notion: 'notion',
  salesforce: 'salesforce',
  slack: 'slack',
  stripe: 'stripe',
};

describe('a curated toolkit', () => {
  it('is in this table', () => {
    expect(names.sort()).toEqual(Object.keys(expected));
  });

  it.each(toolkits)('%s is served by one provider without any setting', (name, tools) => {
    const ordinary = [...providers.values()].filter(({ alternativeTo }) => alternativeTo === undefined);
    for (const tool of tools) {
      const serving = ordinary.filter(({ id }) => directoryOf([id]).serving('acme', tool) !== undefined);
      expect(serving.map(({ id }) => id)).toEqual([expected[name]]);
    }
    // With alternatives set up too, the ordinary provider serves.
    for (const tool of tools)
      expect(directoryOf([...providers.keys()]).serving('acme', tool)?.provider).toBe(expected[name]);
  });

  it.each(toolkits)('%s works with the scopes of a consent that names none', (name, tools) => {
    const provider = providers.get(expected[name] ?? '');
    if (provider === undefined) throw new Error(`no provider serves ${name}`);
    const granted = expandScopes(provider, ordinaryScopes(provider));
    for (const { slug, security } of tools) {
      const alternatives = security.map((schemes) => schemes.flatMap(({ scopes }) => scopes));
      expect([slug, security.length > 0]).toEqual([slug, true]);
      expect([slug, missingScopes(alternatives, granted)]).toEqual([slug, []]);
      // The others can be granted as well.
      expect([slug, alternatives.flat().filter((scope) => !granted.includes(scope))]).toEqual([slug, []]);
    }
  });

  it.each(toolkits)('%s has an address that the base of an account replaces', (name, tools) => {
    const provider = providers.get(expected[name] ?? '');
    const replaced = provider?.base?.replaces;
    if (provider === undefined || replaced === undefined) return;
    for (const tool of tools) expect(tool.provider.base_url.startsWith(`${replaced}/`)).toBe(true);
    expect(() => baseOf(provider, { settings: {}, fields: {}, baseUrl: replaced })).not.toThrow();
  });
});
