import { z } from 'zod';

import { toolSelectorSchema, toolSlugSchema } from './call.js';

/**
 * Tools that stand for all others, for agents that have too many to show a model: find one, read what it takes, call it. No
 * other tool may have these names.
 */
export const metaToolSlugs = ['search_tools', 'describe_tool', 'execute_tool'] as const;

export type MetaToolSlug = (typeof metaToolSlugs)[number];

export function isMetaTool(slug: string): slug is MetaToolSlug {
  return (metaToolSlugs as readonly string[]).includes(slug);
}

/** What `execute_tool` takes: the call that is meant. */
export const executeToolSchema = z.strictObject({
  tool: toolSlugSchema.describe('The name of the tool, as search_tools gives it.'),
  version: toolSelectorSchema.optional().describe('Another version than the stable one.'),
  arguments: z
    .record(z.string(), z.unknown())
    .describe('The arguments of the tool, as describe_tool shows them.'),
});
