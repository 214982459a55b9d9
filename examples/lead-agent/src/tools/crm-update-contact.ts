import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

const text = z.string().min(1).max(200);

/** Writes the whole contact by PUT, so a repetition has no further effect. */
export const tool = defineTool({
  slug: 'crm_update_contact',
  version: '1.0.0',
  title: 'Write a CRM contact',
  provider: { slug: 'sim_crm', baseUrl: 'http://127.0.0.1:9' },
  description:
    'Writes a contact into the CRM under its e-mail address, and creates it where there is none. Replaces the whole contact, so give every field that is to be kept.',
  input: z.strictObject({
    email: z.email().max(254).describe('Names the contact; it cannot be changed.'),
    name: text.describe('Full name of the person.'),
    company: text.optional().describe('Name of the company.'),
    title: text.optional().describe('Job title.'),
    stage: z
      .enum(['lead', 'qualified', 'customer'])
      .optional()
      .describe('Where the contact stands in the pipeline.'),
  }),
  output: z.looseObject({ email: z.string() }),
  examples: [
    {
      description: 'A lead that was just enriched',
      arguments: {
        email: 'ada@example.com',
        name: 'Ada Okafor',
        company: 'example',
        title: 'Founder',
        stage: 'lead',
      },
    },
  ],
  http: { method: 'PUT', path: '/crm/contacts/{email}' },
  effect: { class: 'idempotent' },
  timeoutMs: 10_000,
});
