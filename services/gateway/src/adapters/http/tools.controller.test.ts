import { ToolRegistry } from '@action-mesh/admission';
import { sampleTool } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { KnownTools } from '../../application/known-tools.js';
import { ToolSearch } from '../../application/tool-search.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { ToolsController } from './tools.controller.js';

function admin(): { readonly tools: ToolsController; readonly link: { missing: string | undefined } } {
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  const link: { missing: string | undefined } = { missing: undefined };
  const known = new KnownTools(registry, link);
  return { tools: new ToolsController(known, new ToolSearch(known)), link };
}

describe('ToolsController', () => {
  it('throws MeshUnavailableError until the tools have been read', async () => {
    const { tools, link } = admin();
    link.missing = 'the tools are not known';
    await expect(tools.list({})).rejects.toBeInstanceOf(MeshUnavailableError);
    await expect(tools.list({ query: 'contact' })).rejects.toBeInstanceOf(MeshUnavailableError);
    expect(() => tools.find('crm_update_contact', undefined)).toThrow(MeshUnavailableError);
    link.missing = undefined;
    expect(JSON.parse(await tools.list({}))).toMatchObject({
      total: 1,
      tools: [{ slug: 'crm_update_contact' }],
    });
    expect(tools.find('crm_update_contact', undefined).slug).toBe('crm_update_contact');
  });

  it('lists the meta-tools, and refuses filters on them', async () => {
    const { tools } = admin();
    const listed = JSON.parse(await tools.list({ meta: 'true', form: 'mcp' })) as unknown;
    expect(listed).toMatchObject({ total: 3, differences: [], tools: [{ name: 'search_tools' }, {}, {}] });
    await expect(tools.list({ meta: 'true', query: 'contact' })).rejects.toBeInstanceOf(RequestRefusedError);
  });

  it('names the differences of a vendor’s shape, and writes each tool once', async () => {
    const registry = new ToolRegistry();
    const stringify = jest.spyOn(JSON, 'stringify');
    registry.put(sampleTool({ input: { type: 'object', properties: {}, additionalProperties: true } }));
    const known = new KnownTools(registry, { missing: undefined });
    const tools = new ToolsController(known, new ToolSearch(known));
    const first = await tools.list({ form: 'openai' });
    expect(JSON.parse(first)).toMatchObject({ differences: [{ tool: 'crm_update_contact' }] });
    stringify.mockClear();
    expect(await tools.list({ form: 'openai' })).toBe(first);
    expect(stringify).not.toHaveBeenCalled();
  });
});
