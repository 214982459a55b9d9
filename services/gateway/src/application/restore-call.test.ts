import { CallRefusedError, ToolRegistry } from '@action-mesh/admission';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { JsonValue } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';

import { readCallRequest } from '../domain/call-request.js';
import { MeshUnavailableError, RequestRefusedError } from '../domain/gateway.errors.js';
import { KnownTools } from './known-tools.js';
import type { MeshLink } from './mesh-link.port.js';
import { RestoreCall } from './restore-call.js';
import type { ListForm } from './tool-query.js';

function restored(given: JsonValue, form: ListForm, link: MeshLink = { missing: undefined }): CallRequest {
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  return new RestoreCall(new KnownTools(registry, link)).execute(
    { tools: undefined },
    given,
    form,
    readCallRequest,
  );
}

// In OpenAI's strict shape every argument is required, and null stands for one that is left out.
const call = {
  user_id: 'u1',
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com', company: null },
};

describe('RestoreCall', () => {
  it('restores the arguments of the tool, and leaves the arguments of the mesh unchanged', () => {
    expect(restored(call, 'openai')).toEqual({ ...call, arguments: { email: 'ada@example.com' } });
    expect(restored(call, 'mesh')).toEqual(call);
  });

  it('reads arguments as a text in the form of OpenAI, and in no other form', () => {
    const given = { ...call, arguments: JSON.stringify(call.arguments) };
    expect(restored(given, 'openai')).toEqual({ ...call, arguments: { email: 'ada@example.com' } });
    for (const form of ['mesh', 'anthropic', 'gemini', 'mcp', 'plain'] as const) {
      expect(() => restored(given, form)).toThrow(RequestRefusedError);
    }
    const search = { ...call, tool: { slug: 'search_tools' }, arguments: '{"query":"x","limit":null}' };
    expect(restored(search, 'openai').arguments).toEqual({ query: 'x' });
    const through = { tool: 'crm_update_contact', arguments: { email: 'ada@example.com' } };
    const execute = { ...call, tool: { slug: 'execute_tool' }, arguments: JSON.stringify(through) };
    expect(restored(execute, 'openai').arguments).toEqual(through);
  });

  it('knows the meta-tools, and refuses an unknown tool', () => {
    const search = { ...call, tool: { slug: 'search_tools' }, arguments: { query: 'x', limit: null } };
    expect(restored(search, 'openai').arguments).toEqual({ query: 'x' });
    const nothing = { ...call, tool: { slug: 'nothing' } };
    expect(() => restored(nothing, 'openai')).toThrow(CallRefusedError);
  });

  it('does not report a tool as unknown while the gateway starts', () => {
    const starting = { missing: 'the tools are not known' };
    expect(() => restored(call, 'openai', starting)).toThrow(MeshUnavailableError);
  });
});
