import { ToolRegistry } from '@action-mesh/admission';
import { IntegrationDirectory } from '@action-mesh/connections';
import { ToolAllowList } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { sampleTool } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import type { FastifyRequest } from 'fastify';

import { FakeAuthBrokerClient } from '../../application/auth-broker-client.fake.js';
import { CallVisibility } from '../../application/call-visibility.js';
import { ConnectedTools } from '../../application/connected-tools.js';
import { KnownTools } from '../../application/known-tools.js';
import { ToolSearch } from '../../application/tool-search.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { ToolsController } from './tools.controller.js';

const request = { caller: samplePrincipal() } as unknown as FastifyRequest;

/** No test here asks for the connections of a user. */
function toolsOver(known: KnownTools): ToolsController {
  const connected = new ConnectedTools(
    new FakeAuthBrokerClient(),
    new IntegrationDirectory(),
    new CallVisibility(known),
  );
  return new ToolsController(known, new ToolSearch(known), connected);
}

function admin(): { readonly tools: ToolsController; readonly link: { missing: string | undefined } } {
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  const link: { missing: string | undefined } = { missing: undefined };
  const known = new KnownTools(registry, link);
  return { tools: toolsOver(known), link };
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
    const tools = toolsOver(known);
    const first = await tools.list({ form: 'openai' }, request);
    expect(JSON.parse(first)).toMatchObject({ differences: [{ tool: 'crm_update_contact' }] });
    stringify.mockClear();
    expect(await tools.list({ form: 'openai' }, request)).toBe(first);
    expect(stringify).not.toHaveBeenCalled();
  });

  const keyOf = (slug: string): string => `${slug}@${sampleTool().version}`;
  const named = (slug: string): ReturnType<typeof sampleTool> => sampleTool({ slug, title: 'Post a letter' });
  const many = (count: number): ToolRegistry => {
    const registry = new ToolRegistry();
    for (let n = 0; n < count; n += 1) registry.put(named(`tool_${String(n).padStart(4, '0')}`));
    return registry;
  };
  interface Page {
    readonly tools: readonly { readonly slug: string }[];
    readonly total: number;
    readonly cursor?: string;
  }

  it.each<[string, Record<string, string>]>([
    ['all tools', {}],
    ['a search', { query: 'post' }],
  ])(
    'gives %s in pages of a hundred, each tool once, whatever is published meanwhile',
    async (_what, query) => {
      const registry = many(250);
      const tools = toolsOver(new KnownTools(registry, { missing: undefined }));
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < 3; pages += 1) {
        const given = { ...query, ...(cursor === undefined ? {} : { cursor }) };
        const page = JSON.parse(await tools.list(given, request)) as Page;
        seen.push(...page.tools.map(({ slug }) => slug));
        cursor = page.cursor;
        expect(page.tools).toHaveLength(pages < 2 ? 100 : 50);
        // By name, tools before the cursor may come, and the tool of the cursor may go.
        if ('query' in query) continue;
        registry.put(named(`aaa_${pages}`));
        registry.remove(keyOf(seen.at(-1) ?? ''));
      }
      expect(cursor).toBeUndefined();
      expect(new Set(seen).size).toBe(250);
    },
  );

  it('continues a search at the same number when the tool of its cursor has gone', async () => {
    const registry = many(5);
    const tools = toolsOver(new KnownTools(registry, { missing: undefined }));
    const query = { query: 'post', limit: '2' };
    const first = JSON.parse(await tools.list(query, request)) as Page;
    const [kept = '', gone = ''] = first.tools.map(({ slug }) => slug);
    registry.remove(keyOf(gone));
    const second = JSON.parse(await tools.list({ ...query, cursor: first.cursor }, request)) as Page;
    expect(second.tools.map(({ slug }) => slug)).not.toContain(kept);
    expect(second.total).toBe(4);
  });

  it.each([{ cursor: 'x' }, { meta: 'true', cursor: 'x' }, { limit: '5001' }])(
    'refuses %j',
    async (query) => {
      await expect(admin().tools.list(query, request)).rejects.toBeInstanceOf(RequestRefusedError);
    },
  );

  it('writes a list of a thousand tools in far less than 50 ms', async () => {
    const tools = toolsOver(new KnownTools(many(1_000), { missing: undefined }));
    const list = (): Promise<string> => tools.list({ limit: '1000' }, request);
    expect((JSON.parse(await list()) as Page).tools).toHaveLength(1_000);
    const times: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const startedAtMs = performance.now();
      await list();
      times.push(performance.now() - startedAtMs);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
