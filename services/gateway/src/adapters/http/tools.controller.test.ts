import { ToolShelf } from '@action-mesh/admission';
import { sampleTool } from '@action-mesh/testing';

import { KnownTools } from '../../application/known-tools.js';
import { ToolSearch } from '../../application/tool-search.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { ToolsController } from './tools.controller.js';

function desk(): { readonly tools: ToolsController; readonly link: { missing: string | undefined } } {
  const shelf = new ToolShelf();
  shelf.put(sampleTool());
  const link: { missing: string | undefined } = { missing: undefined };
  const known = new KnownTools(shelf, link);
  return { tools: new ToolsController(known, new ToolSearch(known)), link };
}

describe('ToolsController', () => {
  it('knows of no tool, rather than that there is none, until the tools have been read', async () => {
    const { tools, link } = desk();
    link.missing = 'the tools are not known';
    await expect(tools.list({})).rejects.toBeInstanceOf(MeshUnavailableError);
    await expect(tools.list({ query: 'contact' })).rejects.toBeInstanceOf(MeshUnavailableError);
    expect(() => tools.find('crm_update_contact', undefined)).toThrow(MeshUnavailableError);
    link.missing = undefined;
    await expect(tools.list({})).resolves.toMatchObject({ total: 1 });
    expect(tools.find('crm_update_contact', undefined).slug).toBe('crm_update_contact');
  });

  it('lists the meta-tools, and refuses to choose among them', async () => {
    const { tools } = desk();
    await expect(tools.list({ meta: 'true', form: 'mcp' })).resolves.toMatchObject({ total: 3 });
    await expect(tools.list({ meta: 'true', query: 'contact' })).rejects.toBeInstanceOf(RequestRefusedError);
  });
});
