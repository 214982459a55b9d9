import { ToolRegistry } from '@action-mesh/admission';
import { ToolAllowList } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { sampleTool } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import type { FastifyRequest } from 'fastify';

import { KnownTools } from '../../application/known-tools.js';
import { ToolSearch } from '../../application/tool-search.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { ToolsController } from './tools.controller.js';

const request = { caller: samplePrincipal() } as unknown as FastifyRequest;

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
    await expect(tools.list({}, request)).rejects.toBeInstanceOf(MeshUnavailableError);
    await expect(tools.list({ query: 'contact' }, request)).rejects.toBeInstanceOf(MeshUnavailableError);
    expect(() => tools.find('crm_update_contact', undefined, request)).toThrow(MeshUnavailableError);
    link.missing = undefined;
    expect(JSON.parse(await tools.list({}, request))).toMatchObject({
      total: 1,
      tools: [{ slug: 'crm_update_contact' }],
    });
    expect(tools.find('crm_update_contact', undefined, request).slug).toBe('crm_update_contact');
  });

  it('shows a key its own tools alone', async () => {
    const { tools } = admin();
    const caller = samplePrincipal({ tools: new ToolAllowList(['other_*']) });
    const limited = { caller } as unknown as FastifyRequest;
    expect(JSON.parse(await tools.list({}, limited))).toMatchObject({ total: 0, tools: [] });
    const refusal = (slug: string): unknown => {
      try {
        return tools.find(slug, undefined, limited);
      } catch (error) {
        return error;
      }
    };
    expect(refusal('crm_update_contact')).toMatchObject({ refusal: 'tool_not_found' });
    expect(refusal('crm_update_contact')).toEqual(refusal('zzz'));
  });

  it('lists the meta-tools, and refuses filters on them', async () => {
    const { tools } = admin();
    const listed = JSON.parse(await tools.list({ meta: 'true', form: 'mcp' }, request)) as unknown;
    expect(listed).toMatchObject({ total: 3, differences: [], tools: [{ name: 'search_tools' }, {}, {}] });
    await expect(tools.list({ meta: 'true', query: 'contact' }, request)).rejects.toBeInstanceOf(
      RequestRefusedError,
    );
  });

  it('names the differences of a vendor’s shape, and writes each tool once', async () => {
    const registry = new ToolRegistry();
    const stringify = jest.spyOn(JSON, 'stringify');
    registry.put(sampleTool({ input: { type: 'object', properties: {}, additionalProperties: true } }));
    const known = new KnownTools(registry, { missing: undefined });
    const tools = new ToolsController(known, new ToolSearch(known));
    const first = await tools.list({ form: 'openai' }, request);
    expect(JSON.parse(first)).toMatchObject({ differences: [{ tool: 'crm_update_contact' }] });
    stringify.mockClear();
    expect(await tools.list({ form: 'openai' }, request)).toBe(first);
    expect(stringify).not.toHaveBeenCalled();
  });
});
