import { defineTool, type EffectDefinition } from '@action-mesh/tools';
import { z } from 'zod';

/** Tools with numbers in their results that no double can hold. */

const provider = { slug: 'sim', baseUrl: 'http://127.0.0.1:9' };

const creating = (slug: string, undo: string, effect: EffectDefinition) =>
  defineTool({
    slug,
    version: '1.0.0',
    provider,
    description: 'Creates an entry with an id of 64 bits.',
    input: z.object({ title: z.string() }),
    http: { method: 'POST', path: '/entries' },
    effect,
    compensation: { tool: undo, arguments: { id: { from: '/result/id' } } },
  });

const deleting = (slug: string, id: z.ZodType) =>
  defineTool({
    slug,
    version: '1.0.0',
    provider,
    description: 'Deletes an entry.',
    input: z.object({ id }),
    http: { method: 'DELETE', path: '/entries/{id}' },
    effect: { class: 'idempotent' },
  });

export const findEntries = defineTool({
  slug: 'find_entries',
  version: '1.0.0',
  provider,
  description: 'Finds entries by their reference.',
  input: z.object({ reference: z.string() }),
  http: { method: 'GET', path: '/entries' },
  effect: { class: 'read' },
});

export const createEntry = creating('create_entry', 'delete_entry', { class: 'opaque' });
export const createNumbered = creating('create_numbered', 'delete_numbered', { class: 'opaque' });
export const createFindable = creating('create_findable', 'delete_entry', {
  class: 'probeable',
  probe: 'find_entries',
  settleMs: 0,
  reference: { in: 'body', name: 'reference' },
  argument: 'reference',
  found: '/items',
});
export const deleteEntry = deleting('delete_entry', z.string());
export const deleteNumbered = deleting('delete_numbered', z.int());
