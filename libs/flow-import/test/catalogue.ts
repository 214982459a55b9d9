import type { Tool } from '@action-mesh/contracts/catalog';
import { sendMessage as gmailSendMessage } from '@action-mesh/toolkits/gmail';
import { sendMessage } from '@action-mesh/toolkits/slack';
import { defineTool, type DefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';
import { z } from 'zod';

const text = z.string().min(1).max(200);

const enrichLead = defineTool({
  slug: 'enrich_lead',
  version: '1.0.0',
  provider: { slug: 'enrich', baseUrl: 'https://api.enrich.example.com/v1' },
  description: 'Looks up the person behind an e-mail address.',
  input: z.strictObject({ email: text.describe('The address.') }),
  examples: [{ description: 'A lead', arguments: { email: 'ada@example.com' } }],
  http: { method: 'GET', path: '/people' },
  effect: { class: 'read' },
});

const updateContact = defineTool({
  slug: 'crm_update_contact',
  version: '2.1.0',
  provider: { slug: 'crm', baseUrl: 'https://api.crm.example.com' },
  description: 'Writes a contact under its e-mail address.',
  input: z.strictObject({
    email: text.describe('Names the contact.'),
    name: text.describe('The name.'),
    company: text.optional().describe('The company.'),
  }),
  examples: [{ description: 'A lead', arguments: { email: 'ada@example.com', name: 'Ada' } }],
  http: { method: 'PUT', path: '/contacts/{email}' },
  effect: { class: 'idempotent' },
});

function compiled(tool: DefinedTool): Tool {
  const result = compileTool(tool);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.tool;
}

/** The catalog of a tenant with the tools of the golden flow. */
export const goldenCatalogue: readonly Tool[] = [
  enrichLead,
  updateContact,
  sendMessage,
  gmailSendMessage,
].map(compiled);
