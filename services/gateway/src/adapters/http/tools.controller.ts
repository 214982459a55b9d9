import type { Tool } from '@action-mesh/contracts/catalog';
import { project, type Projection } from '@action-mesh/projections';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';

import { KnownTools } from '../../application/known-tools.js';
import { metaTools } from '../../application/meta-tools.js';
import { toolAnswer, type ToolAnswer } from '../../application/tool-answer.js';
import { readToolQuery } from '../../application/tool-query.js';
import { ToolSearch } from '../../application/tool-search.js';

interface ToolList {
  readonly tools: readonly unknown[];
  readonly total: number;
  /** What all of them take in a prompt, in tokens. */
  readonly token_cost: number;
  /** In a vendor's shape: where it says less than the tool does. */
  readonly differences?: readonly (Pick<Projection, 'relaxed' | 'lost'> & { readonly tool: string })[];
}

/** A tool with all that a call of it can pin, newest first. */
interface OneTool extends ToolAnswer {
  readonly versions: readonly string[];
  /** The dated versions of its toolkit that hold it. */
  readonly toolkit_versions: readonly string[];
}

/** The tools that can be called. */
@Controller('v1/tools')
export class ToolsController {
  constructor(
    @Inject(KnownTools) private readonly tools: KnownTools,
    @Inject(ToolSearch) private readonly search: ToolSearch,
  ) {}

  @Get()
  async list(@Query() parameters: unknown): Promise<ToolList> {
    const { query: text, form, meta, ...filters } = readToolQuery(parameters);
    const found =
      meta === 'true'
        ? { tools: metaTools, total: metaTools.length }
        : await this.search.find(defined({ text, ...filters }));
    const totals = { total: found.total, token_cost: tokenCostOf(found.tools) };
    if (form === 'mesh') return { tools: found.tools.map(toolAnswer), ...totals };
    const projected = found.tools.map((tool) => ({ tool: tool.slug, ...project(tool, form) }));
    return {
      tools: projected.map(({ definition }) => definition),
      ...totals,
      differences: projected
        .filter(({ relaxed, lost }) => relaxed.length + lost.length > 0)
        .map(({ tool, relaxed, lost }) => ({ tool, relaxed, lost })),
    };
  }

  @Get(':slug')
  find(@Param('slug') slug: string, @Query('version') version: string | undefined): OneTool {
    const shelf = this.tools.shelf();
    const { tool } = shelf.find(slug, version);
    return {
      ...toolAnswer(tool),
      versions: shelf.versions(tool.slug),
      toolkit_versions: shelf
        .toolkitVersions(tool.toolkit)
        .filter(({ tools }) => tools[tool.slug] !== undefined)
        .map((toolkit) => toolkit.version),
    };
  }
}

function tokenCostOf(tools: readonly Tool[]): number {
  return tools.reduce((sum, { token_cost }) => sum + token_cost, 0);
}

type Defined<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields that are there. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}
