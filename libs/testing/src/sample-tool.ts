import type { Tool } from '@action-mesh/contracts/catalog';

/** A tool that updates a contact. `parts` replaces parts of it. */
export function sampleTool(parts: Partial<Tool> = {}): Tool {
  return {
    slug: 'crm_update_contact',
    version: '1.2.0',
    toolkit: 'crm',
    title: 'Update a contact',
    description: 'Sets fields of a contact.',
    tags: [],
    aliases: [],
    security: [],
    provider: { slug: 'crm', base_url: 'https://crm.example.com' },
    input: {
      type: 'object',
      properties: { email: { type: 'string' }, company: { type: 'string' } },
      required: ['email'],
      additionalProperties: false,
    },
    examples: [],
    http: { method: 'PUT', path: '/contacts/{email}', parameters: [], headers: {} },
    effect: { class: 'idempotent' },
    effect_source: 'declared',
    token_cost: 40,
    warnings: [],
    timeout_ms: 5_000,
    retry: { max_attempts: 3, initial_backoff_ms: 100, max_backoff_ms: 1_000 },
    validity_ms: 60_000,
    ...parts,
  };
}
