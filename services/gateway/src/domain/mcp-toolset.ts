import { listLimitSchema, toolSlugSchema } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

import { readQuery } from './request-form.js';

/** The most names of one kind in the address of an MCP host. */
const mostNames = 100;
/** The bounds of `max_bytes`, as for answers over HTTP. */
const resultBytes = { least: 256, most: 1_048_576 } as const;

const namesSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(toolSlugSchema).max(mostNames, `must be at most ${mostNames} names`));

/** The query of `/mcp`: the tools that a host sees, and the size of their results. */
export const toolsetQuerySchema = z.strictObject({
  /** Names of toolkits, separated by commas. */
  toolkit: namesSchema.optional(),
  /** Names of tools, separated by commas; in addition to the toolkits. */
  tools: namesSchema.optional(),
  /** `search`: the three meta-tools and `tools`. `all`: every tool. Absent: by the number of tools. */
  mode: z.enum(['search', 'all']).optional(),
  /** The most bytes of one result. */
  max_bytes: listLimitSchema(resultBytes.most, resultBytes.least).optional(),
});

/** The tools that the address of an MCP host selects. It narrows the key of the caller, and never widens it. */
export interface Toolset {
  readonly mode: 'search' | 'all' | undefined;
  /** The most bytes of one result. Absent: any number. */
  readonly maxBytes: number | undefined;
  /** Tools that are listed in every mode. */
  readonly pinned: ReadonlySet<string>;
  readonly allows: (tool: { readonly slug: string; readonly toolkit?: string | undefined }) => boolean;
}

/** Reads the query of `/mcp`. Throws `RequestRefusedError` with every wrong parameter. */
export function readToolset(query: unknown): Toolset {
  const { toolkit, tools, mode, max_bytes: maxBytes } = readQuery(toolsetQuerySchema, query, 'a toolset');
  const [toolkits, pinned] = [new Set(toolkit), new Set(tools)];
  const isOpen = toolkit === undefined && tools === undefined;
  return {
    mode,
    maxBytes,
    pinned,
    allows: (tool) =>
      isOpen || pinned.has(tool.slug) || (tool.toolkit !== undefined && toolkits.has(tool.toolkit)),
  };
}
