import { buildRequest } from '@action-mesh/tools';
import { compileTool, type CompiledTool } from '@action-mesh/tools/compile';

import { tool as crmUpdateContact } from './crm-update-contact.js';
import { tool as enrichLead } from './enrich-lead.js';
import { tool as slackPostMessage } from './slack-post-message.js';

/** The tool, and the request of its first example. */
function exampleOf(compiled: CompiledTool) {
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { tool } = compiled;
  return { effect: tool.effect.class, request: buildRequest(tool, tool.examples[0]?.arguments ?? {}) };
}

describe('the tools of the demo', () => {
  it('read, write and post as the provider simulator expects', () => {
    expect(exampleOf(compileTool(enrichLead))).toMatchObject({
      effect: 'read',
      request: { method: 'POST', url: 'http://127.0.0.1:9/enrich', body: '{"email":"ada@example.com"}' },
    });
    expect(exampleOf(compileTool(crmUpdateContact))).toMatchObject({
      effect: 'idempotent',
      request: {
        method: 'PUT',
        url: 'http://127.0.0.1:9/crm/contacts/ada%40example.com',
        body: '{"name":"Ada Okafor","company":"example","title":"Founder","stage":"lead"}',
      },
    });
    expect(exampleOf(compileTool(slackPostMessage))).toMatchObject({
      effect: 'keyed',
      request: { method: 'POST', url: 'http://127.0.0.1:9/slack/chat.postMessage' },
    });
  });
});
