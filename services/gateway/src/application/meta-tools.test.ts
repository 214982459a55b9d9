import { CallRefusedError, ToolRegistry } from '@action-mesh/admission';
import { ToolAllowList } from '@action-mesh/identity';
import { project, toolForms } from '@action-mesh/projections';
import { sampleTool } from '@action-mesh/testing';
import { tokenCost } from '@action-mesh/tools/compile';

import { MeshUnavailableError } from '../domain/gateway.errors.js';
import { KnownTools } from './known-tools.js';
import { metaTools, MetaTools } from './meta-tools.js';
import type { MeshLink } from './mesh-link.port.js';
import { toolSummary } from './tool-answer.js';
import { ToolSearch } from './tool-search.js';

const address = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const orderInput = { type: 'object', properties: { id: { type: 'string' }, address }, required: ['id'] };
const orders = sampleTool({
  slug: 'orders_place',
  title: 'Place an order',
  description: 'Places an order.',
  tags: [],
  input: orderInput,
  collapsed: ['/properties/address'],
});

const caller = { tools: undefined };

function set(link: MeshLink = { missing: undefined }): MetaTools {
  const registry = new ToolRegistry();
  registry.put(sampleTool({ version: '1.0.0', title: 'Update a contact' }));
  registry.put(sampleTool({ version: '2.0.0', title: 'Update a contact' }));
  registry.put(orders);
  const tools = new KnownTools(registry, link);
  return new MetaTools(tools, new ToolSearch(tools));
}

async function problemsOf(answer: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await answer.catch((thrown: unknown) => thrown);
  return error instanceof CallRefusedError ? error.problems.map(({ pointer }) => pointer) : ['not refused'];
}

describe('the meta-tools', () => {
  it('find a tool, and show it in full', async () => {
    const tools = set();
    await expect(tools.answer(caller, 'search_tools', { query: 'contact' })).resolves.toEqual({
      status: 'succeeded',
      tool: { slug: 'search_tools' },
      result: {
        total: 1,
        tools: [
          expect.objectContaining({ name: 'crm_update_contact', version: '2.0.0', effect: 'idempotent' }),
        ],
      },
    });
    await expect(
      tools.answer(caller, 'describe_tool', { tool: 'crm_update_contact', version: '1.0.0' }),
    ).resolves.toMatchObject({
      result: { slug: 'crm_update_contact', version: '1.0.0', input: sampleTool().input },
    });
  });

  it('open the one argument that a tool shows collapsed', async () => {
    const [, part] =
      /with part \\"(.*?)\\"/.exec(JSON.stringify(project(orders, 'anthropic').definition)) ?? [];
    await expect(set().answer(caller, 'describe_tool', { tool: 'orders_place', part })).resolves.toEqual({
      status: 'succeeded',
      tool: { slug: 'describe_tool' },
      result: { slug: 'orders_place', version: orders.version, part: '/properties/address', schema: address },
    });
  });

  it('name the nearest parts where a part is unknown', async () => {
    await expect(
      set().answer(caller, 'describe_tool', { tool: 'orders_place', part: 'adress' }),
    ).rejects.toMatchObject({
      fix: expect.stringContaining('such as "/properties/address".') as unknown,
      problems: [{ pointer: '/arguments/part', message: 'leads to no schema in the input of orders_place' }],
    });
  });

  it.each<['search_tools' | 'describe_tool', unknown, string]>([
    ['search_tools', {}, '/arguments/query'],
    ['search_tools', { query: 'x', limit: 1_000 }, '/arguments/limit'],
    ['search_tools', { query: 'x'.repeat(501) }, '/arguments/query'],
    ['describe_tool', { tool: 'NO' }, '/arguments/tool'],
    ['describe_tool', { tool: 'a', more: 1 }, '/arguments'],
    ['describe_tool', { tool: 'nothing' }, '/arguments/tool'],
    ['describe_tool', { tool: 'orders_place', part: '/required' }, '/arguments/part'],
    ['describe_tool', { tool: 'crm_update_contact', version: '9.0.0' }, '/arguments/version'],
  ])('refuse invalid arguments: %s %j', async (slug, args, pointer) => {
    expect(await problemsOf(set().answer(caller, slug, args))).toEqual([pointer]);
  });

  it('suggest the nearest tool for a misspelt name', async () => {
    await expect(set().answer(caller, 'describe_tool', { tool: 'crm_updte_contact' })).rejects.toMatchObject({
      fix: 'Did you mean "crm_update_contact"? GET /v1/tools lists all names.',
      problems: [{ pointer: '/arguments/tool' }],
    });
  });

  it.each<['search_tools' | 'describe_tool', unknown]>([
    ['search_tools', { query: 'contact' }],
    ['search_tools', { query: '' }],
    ['describe_tool', { tool: 'crm_update_contact' }],
  ])('report that the tools are not known while the gateway starts: %s %j', async (slug, args) => {
    const tools = set({ missing: 'the tools are not known' });
    await expect(tools.answer(caller, slug, args)).rejects.toBeInstanceOf(MeshUnavailableError);
  });

  it('state their prompt tokens', () => {
    expect(metaTools.map(({ token_cost }) => token_cost)).toEqual(
      metaTools.map(({ slug, description, input }) => tokenCost(slug, description, input)),
    );
  });

  it('have a shape for every vendor', () => {
    for (const form of toolForms) {
      const names = metaTools.map((tool) => {
        const { definition } = project(tool, form);
        const declared = form === 'openai_chat' ? definition['function'] : definition;
        return (declared as Readonly<Record<string, unknown>>)['name'];
      });
      expect(names).toEqual(['search_tools', 'describe_tool', 'execute_tool']);
    }
  });
});

describe('the meta-tools of a key with a list of tools', () => {
  const limited = { tools: new ToolAllowList(['crm_*']) };

  it('find and show those tools alone', async () => {
    const tools = set();
    const found = (query: string) => tools.answer(limited, 'search_tools', { query });
    await expect(found('')).resolves.toMatchObject({
      result: { total: 1, tools: [{ name: 'crm_update_contact' }] },
    });
    await expect(found('place an order')).resolves.toMatchObject({ result: { total: 0, tools: [] } });
    const describe = (tool: string) =>
      tools.answer(limited, 'describe_tool', { tool }).catch((error: unknown) => error as CallRefusedError);
    const [hidden, unknown] = [await describe('orders_place'), await describe('zzzzzzzzzzzz')];
    expect(hidden).toBeInstanceOf(CallRefusedError);
    expect(hidden).toEqual(unknown);
  });
});

describe('toolSummary', () => {
  it('is short, and splits no character', () => {
    const { description } = toolSummary(sampleTool({ description: `${'x'.repeat(299)}💥 and more` }));
    expect(description).toBe(`${'x'.repeat(299)}…`);
  });
});
