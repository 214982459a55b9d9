import type { Tool } from '@action-mesh/contracts/catalog';

import { schemaType } from './schema-type.js';
import { toolsFile } from './tools-file.js';

const tool = {
  slug: 'enrich_lead',
  version: '1.2.0',
  description: 'Looks up a person. */ evil(); /*\nSecond line.',
  input: {
    type: 'object',
    properties: { email: { type: 'string' }, 'max-hits': { type: ['integer', 'null'] } },
    required: ['email'],
  },
  effect: { class: 'read' },
} as unknown as Tool;

describe('tools.ts', () => {
  it('declares the tools in the order of their slugs, with versions pinned', () => {
    const wanted = [{ slug: 'add_row', description: 'Adds a row.', effect: 'opaque' as const }];
    expect(toolsFile([tool], wanted, '@action-mesh/sdk/flows'))
      .toBe(`// Generated from the catalog. Generate it again instead of editing it.
import { declareTool, type Dynamic } from '@action-mesh/sdk/flows';

/** Not in the catalog yet: Adds a row. */
export const add_row = declareTool<Dynamic, Dynamic>({
  slug: 'add_row',
  effect: 'opaque',
});

/** Looks up a person. * / evil(); /* Second line. */
export const enrich_lead = declareTool<{ readonly email: string; readonly "max-hits"?: number | null }, Dynamic>({
  slug: 'enrich_lead',
  version: '1.2.0',
  effect: 'read',
});
`);
  });

  it('writes types of nested schemas down to a bound', () => {
    expect(
      schemaType({ type: 'array', items: { type: 'object', additionalProperties: { type: 'number' } } }),
    ).toBe('readonly (Readonly<Record<string, number>>)[]');
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 1000; level += 1) deep = { type: 'array', items: deep };
    expect(schemaType(deep as never)).toContain('Dynamic');
    expect(schemaType({ anyOf: [] })).toBe('Dynamic');
  });
});
