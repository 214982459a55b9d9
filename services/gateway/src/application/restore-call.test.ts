import { CallRefusedError, ToolShelf } from '@action-mesh/admission';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import { sampleTool } from '@action-mesh/testing';

import { MeshUnavailableError } from '../domain/gateway.errors.js';
import { KnownTools } from './known-tools.js';
import type { MeshLink } from './mesh-link.port.js';
import { RestoreCall } from './restore-call.js';

function restoring(link: MeshLink = { missing: undefined }): RestoreCall {
  const shelf = new ToolShelf();
  shelf.put(sampleTool());
  return new RestoreCall(new KnownTools(shelf, link));
}

// In OpenAI's strict shape every argument is required, and null stands for one that is left out.
const call: CallRequest = {
  user_id: 'u1',
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com', company: null },
};

describe('RestoreCall', () => {
  it('gives the arguments as the tool takes them, and leaves those of the mesh alone', () => {
    const restored = restoring().execute(call, 'openai');
    expect(restored).toEqual({ ...call, arguments: { email: 'ada@example.com' } });
    expect(restoring().execute(call, 'mesh')).toBe(call);
  });

  it('knows the meta-tools, and refuses a tool that there is not', () => {
    const search = { ...call, tool: { slug: 'search_tools' }, arguments: { query: 'x', limit: null } };
    expect(restoring().execute(search, 'openai').arguments).toEqual({ query: 'x' });
    const nothing = { ...call, tool: { slug: 'nothing' } };
    expect(() => restoring().execute(nothing, 'openai')).toThrow(CallRefusedError);
  });

  it('does not say that there is no such tool while the gateway starts', () => {
    const starting = restoring({ missing: 'the tools are not known' });
    expect(() => starting.execute(call, 'openai')).toThrow(MeshUnavailableError);
  });
});
