import type { Tool } from '@action-mesh/contracts/catalog';
import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';

import { KnownTools } from '../../application/known-tools.js';
import { metaTools } from '../../application/meta-tools.js';
import { toolAnswer, type ToolAnswer } from '../../application/tool-answer.js';
import { readToolQuery } from '../../application/tool-query.js';
import { ToolSearch } from '../../application/tool-search.js';
import { ToolTexts } from '../../application/tool-texts.js';

/** A tool with all that a call of it can pin, newest first. */
interface OneTool extends ToolAnswer {
  readonly versions: readonly string[];
  /** The dated versions of its toolkit that hold it. */
  readonly toolkit_versions: readonly string[];
}

/** The tools that can be called. */
@Controller('v1/tools')
export class ToolsController {
  readonly #texts = new ToolTexts();

  constructor(
    @Inject(KnownTools) private readonly tools: KnownTools,
    @Inject(ToolSearch) private readonly search: ToolSearch,
  ) {}

  /**
   * As JSON: `tools`, how many there are without the limit, what those take in a prompt, and of a vendor's shape the
   * `differences`, where it says less than the tool does.
   */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  async list(@Query() parameters: unknown): Promise<string> {
    const { query: text, form, meta, ...filters } = readToolQuery(parameters);
    const found =
      meta === 'true'
        ? { tools: metaTools, total: metaTools.length }
        : await this.search.find(defined({ text, ...filters }));
    const texts = found.tools.map((tool) => this.#texts.of(tool, form));
    const tools = texts.map((each) => each.tool).join(',');
    const differences = texts.flatMap(({ difference }) => difference ?? []).join(',');
    return `{"tools":[${tools}],"total":${found.total},"token_cost":${tokenCostOf(found.tools)}${
      form === 'mesh' ? '' : `,"differences":[${differences}]`
    }}`;
  }

  @Get(':slug')
  find(@Param('slug') slug: string, @Query('version') version: string | undefined): OneTool {
    const registry = this.tools.registry();
    const { tool } = registry.find(slug, version);
    return {
      ...toolAnswer(tool),
      versions: registry.versions(tool.slug),
      toolkit_versions: registry
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
