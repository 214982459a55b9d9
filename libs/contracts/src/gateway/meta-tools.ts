import { z } from 'zod';

import { toolSelectorSchema, toolSlugSchema } from './call.js';

/**
 * Three tools that stand for all others. Agents with too many tools for a model use them to find a tool, read its
 * schema, and call it. No other tool may have these names.
 */
export const metaToolSlugs = ['search_tools', 'describe_tool', 'execute_tool'] as const;

export type MetaToolSlug = (typeof metaToolSlugs)[number];

export function isMetaTool(slug: string): slug is MetaToolSlug {
  return (metaToolSlugs as readonly string[]).includes(slug);
}

/** The arguments of `execute_tool`: the call that the agent wants. */
export const executeToolSchema = z.strictObject({
  tool: toolSlugSchema.describe('The name of the tool from search_tools.'),
  version: toolSelectorSchema.optional().describe('A version other than the stable one.'),
  arguments: z
    .record(z.string(), z.unknown())
    .describe('The arguments of the tool, in the form that describe_tool shows.'),
});
