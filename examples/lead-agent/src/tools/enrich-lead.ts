import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** Reads by POST, which keeps the address out of URLs and so out of access logs. */
export const tool = defineTool({
  slug: 'enrich_lead',
  version: '1.0.0',
  title: 'Enrich a lead',
  provider: { slug: 'sim_enrich', baseUrl: 'http://127.0.0.1:9' },
  description:
    'Looks up who is behind an e-mail address: name and job title of the person, and name, industry and size of the company. Use it before you write a new lead into the CRM. Changes nothing.',
  input: z.strictObject({
    email: z.email().max(254).describe('The address that the lead signed up with.'),
  }),
  output: z.object({
    person: z.object({ email: z.string(), name: z.string(), title: z.string() }),
    company: z.object({ domain: z.string(), name: z.string(), industry: z.string(), employees: z.int() }),
  }),
  examples: [{ description: 'A lead from the sign-up form', arguments: { email: 'ada@example.com' } }],
  http: { method: 'POST', path: '/enrich' },
  effect: { class: 'read' },
  // A lead does not change within a minute. Copies of one request therefore cost the provider one request.
  freshnessMs: 60_000,
  timeoutMs: 10_000,
});
