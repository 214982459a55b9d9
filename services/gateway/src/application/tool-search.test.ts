import { ToolRegistry } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';

import { KnownTools } from './known-tools.js';
import { ToolSearch } from './tool-search.js';

function registryOf(...tools: readonly Partial<Tool>[]): ToolRegistry {
  const registry = new ToolRegistry();
  for (const tool of tools) registry.put(sampleTool({ version: '1.0.0', ...tool }));
  return registry;
}

const tools: readonly Partial<Tool>[] = [
  {
    slug: 'slack_send_message',
    toolkit: 'slack',
    title: 'Send a message',
    description: 'Posts text into a channel.',
    tags: ['chat'],
    provider: { slug: 'slack', base_url: 'https://slack.example.com' },
    effect: { class: 'opaque' },
    security: [[{ scheme: 'slack_oauth', kind: 'oauth2', scopes: ['chat:write'] }]],
  },
  {
    slug: 'crm_find_contact',
    toolkit: 'crm',
    title: 'Find a contact',
    description: 'Looks a person up by e-mail address.',
    tags: ['people'],
    effect: { class: 'read' },
  },
  {
    slug: 'crm_delete_contact',
    toolkit: 'crm',
    title: 'Delete a contact',
    description: 'Removes a person for good.',
    tags: ['people'],
    input: {
      type: 'object',
      properties: { reason: { type: 'string', description: 'Why, for the compliance report.' } },
    },
  },
];

const searchOf = (registry: ToolRegistry): ToolSearch =>
  new ToolSearch(new KnownTools(registry, { missing: undefined }));

const namesOf = async (search: ToolSearch, query: Parameters<ToolSearch['find']>[0]): Promise<string[]> =>
  (await search.find(query)).tools.map(({ slug }) => slug);

describe('ToolSearch', () => {
  const search = searchOf(registryOf(...tools));

  it.each<[string, string]>([
    ['send message', 'slack_send_message'],
    ['post text to a channel', 'slack_send_message'],
    ['look up person', 'crm_find_contact'],
    ['looks persons up', 'crm_find_contact'],
    ['the channels to send messages to', 'slack_send_message'],
    ['delete', 'crm_delete_contact'],
    ['compliance', 'crm_delete_contact'],
    ['mesage', 'slack_send_message'],
    ['removes perso', 'crm_delete_contact'],
    ['remove contact', 'crm_delete_contact'],
    ['chat', 'slack_send_message'],
  ])('finds by name, words, parameters and tags, also misspelt or unfinished: %s', async (text, slug) => {
    expect((await namesOf(search, { text }))[0]).toBe(slug);
  });

  it('puts a tool first when its title has exactly these words', async () => {
    const labels = searchOf(
      registryOf(
        { slug: 'a_delete_label', title: 'Delete a label', description: 'Deletes a label.' },
        { slug: 'b_remove_label', title: 'Remove a label', description: 'Takes it off an issue.' },
        { slug: 'c_add_sub_issue', title: 'Add sub-issue', description: 'Create an issue below an issue.' },
        { slug: 'd_create_issue', title: 'Create an issue', description: 'Opens it.' },
      ),
    );
    expect((await namesOf(labels, { text: 'remove a label' }))[0]).toBe('b_remove_label');
    expect((await namesOf(labels, { text: 'delete a label' }))[0]).toBe('a_delete_label');
    expect((await namesOf(labels, { text: 'An issue: CREATE' }))[0]).toBe('d_create_issue');
    expect((await namesOf(labels, { text: 'make an issue' }))[0]).toBe('d_create_issue');
  });

  it('does not read a noun of a title as a verb', async () => {
    const views = searchOf(
      registryOf(
        { slug: 'a_views', title: 'Page views', description: 'Counts page views.', tags: [] },
        { slug: 'b_page', title: 'Get a page', description: 'Reads it.', tags: [] },
      ),
    );
    expect(await namesOf(views, { text: 'get' })).toEqual(['b_page']);
    expect(await namesOf(views, { text: 'view' })).toContain('a_views');
    expect(await namesOf(views, { text: 'show' })).toEqual(['b_page']);
  });

  it('filters by the properties of a tool', async () => {
    expect(await namesOf(search, { provider: 'slack' })).toEqual(['slack_send_message']);
    expect(await namesOf(search, { toolkit: 'crm' })).toEqual(['crm_delete_contact', 'crm_find_contact']);
    expect(await namesOf(search, { connection: 'needed' })).toEqual(['slack_send_message']);
    expect(await namesOf(search, { connection: 'not_needed', toolkit: 'crm' })).toHaveLength(2);
    expect(await namesOf(search, { tag: 'people', effect: 'read' })).toEqual(['crm_find_contact']);
    expect(await namesOf(search, { text: 'contact', effect: 'read' })).toEqual(['crm_find_contact']);
  });

  it('counts the tools beyond the limit', async () => {
    await expect(search.find({ limit: 1 })).resolves.toMatchObject({
      total: 3,
      tools: [{ slug: 'crm_delete_contact' }],
    });
    await expect(search.find({ text: ' ', limit: 1 })).resolves.toMatchObject({ total: 3 });
  });

  it('finds nothing for words that no tool has', async () => {
    for (const text of ['zzzzqqq', '\u0000', '*', '(((', 'a'.repeat(500), '💥']) {
      expect(await namesOf(search, { text })).toEqual([]);
    }
  });

  it('finds a tool as soon as it is in the registry, in its stable version only', async () => {
    const registry = registryOf(...tools);
    const live = searchOf(registry);
    expect(await namesOf(live, { text: 'invoice' })).toEqual([]);
    registry.put(sampleTool({ slug: 'billing_send_invoice', version: '1.0.0', title: 'Send an invoice' }));
    expect(await namesOf(live, { text: 'invoice' })).toEqual(['billing_send_invoice']);
    registry.put(sampleTool({ slug: 'crm_find_contact', version: '2.0.0-rc.1', title: 'Find an invoice' }));
    expect(await namesOf(live, { text: 'invoice' })).toEqual(['billing_send_invoice']);
    registry.remove('billing_send_invoice@1.0.0');
    expect(await namesOf(live, { text: 'invoice' })).toEqual([]);
  });
});
