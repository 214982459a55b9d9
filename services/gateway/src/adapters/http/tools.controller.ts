import type { Tool } from '@action-mesh/contracts/catalog';
import { Controller, Header, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { ConnectedTools } from '../../application/connected-tools.js';
import { KnownTools } from '../../application/known-tools.js';
import { metaTools } from '../../application/meta-tools.js';
import { toolAnswer, type ToolAnswer } from '../../application/tool-answer.js';
import { readToolQuery } from '../../application/tool-query.js';
import { ToolSearch, type FoundTools } from '../../application/tool-search.js';
import { ToolTexts } from '../../application/tool-texts.js';
import { writeToolCursor } from '../../domain/tool-cursor.js';
import { principalOf } from './caller-guard.js';
import { Serves } from './serves.js';

/** The tools of a page without a `limit`. */
const usualLimit = 100;

/** A tool with the versions and dates that a call can pin, the newest first. */
interface OneTool extends ToolAnswer {
  readonly versions: readonly string[];
  /** The dates of its toolkit that contain the tool. */
  readonly toolkit_versions: readonly string[];
}

/** Routes that list and show the callable tools. */
@Controller()
export class ToolsController {
  readonly #texts = new ToolTexts();

  readonly #tools: KnownTools;
  readonly #search: ToolSearch;

  readonly #connected: ConnectedTools;

  constructor(
    @Inject(KnownTools) tools: KnownTools,
    @Inject(ToolSearch) search: ToolSearch,
    @Inject(ConnectedTools) connected: ConnectedTools,
  ) {
    this.#connected = connected;
    this.#tools = tools;
    this.#search = search;
  }

  /**
   * Answers a page of tools as JSON, with the number of all, the prompt tokens of the page, and the cursor of the next
   * page. A vendor's shape also has `differences`: the information that it leaves out.
   */
  @Serves('listTools')
  @Header('content-type', 'application/json; charset=utf-8')
  async list(@Query() parameters: unknown, @Req() request: FastifyRequest): Promise<string> {
    const query = readToolQuery(parameters);
    const { query: text, form, meta, connection, user_id: userId, limit = usualLimit, ...filters } = query;
    const caller = principalOf(request);
    const isWanted =
      connection === 'connected' || connection === 'missing'
        ? await this.#connected.filter(caller, userId, connection === 'connected')
        : undefined;
    const needed = connection === 'needed' || connection === 'not_needed' ? connection : undefined;
    const found: FoundTools =
      meta === 'true'
        ? { tools: metaTools, total: metaTools.length }
        : await this.#search.find(
            defined({ text, ...filters, limit, connection: needed, isWanted }),
            caller.tools,
          );
    const texts = found.tools.map((tool) => this.#texts.of(tool, form));
    const tools = texts.map((each) => each.tool).join(',');
    const differences = texts.flatMap(({ difference }) => difference ?? []).join(',');
    const cursor = found.next === undefined ? '' : `,"cursor":"${writeToolCursor(found.next)}"`;
    return `{"tools":[${tools}],"total":${found.total},"token_cost":${tokenCostOf(found.tools)}${
      form === 'mesh' ? '' : `,"differences":[${differences}]`
    }${cursor}}`;
  }

  @Serves('findTool')
  find(
    @Param('slug') slug: string,
    @Query('version') version: string | undefined,
    @Req() request: FastifyRequest,
  ): OneTool {
    const registry = this.#tools.registry();
    const { tool } = registry.find(slug, version, principalOf(request).tools);
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

/** Leaves out the undefined fields. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}
