/**
 * Tools that stand for all others, for agents that have too many to show a model: find one, read what it takes, call it. No
 * other tool may have these names.
 */
export const metaToolSlugs = ['search_tools', 'describe_tool', 'execute_tool'] as const;

export type MetaToolSlug = (typeof metaToolSlugs)[number];

export function isMetaTool(slug: string): slug is MetaToolSlug {
  return (metaToolSlugs as readonly string[]).includes(slug);
}
