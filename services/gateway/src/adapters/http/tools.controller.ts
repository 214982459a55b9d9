import { ToolShelf } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';

/** A tool as callers see it: what it does and takes, not where it lives. */
export interface ToolAnswer {
  readonly slug: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly provider: string;
  readonly input: Tool['input'];
  readonly output?: Tool['output'];
  readonly examples: Tool['examples'];
  readonly effect: Tool['effect']['class'];
  readonly timeout_ms: number;
  readonly validity_ms: number;
}

/** The tools that can be called. */
@Controller('v1/tools')
export class ToolsController {
  readonly #tools: ToolShelf;

  constructor(@Inject(ToolShelf) tools: ToolShelf) {
    this.#tools = tools;
  }

  @Get()
  list(): { readonly tools: readonly ToolAnswer[] } {
    return { tools: this.#tools.stableOfEach().map(answer) };
  }

  @Get(':slug')
  find(
    @Param('slug') slug: string,
    @Query('version') version: string | undefined,
  ): ToolAnswer & { readonly versions: readonly string[] } {
    const { tool } = this.#tools.find(slug, version);
    return { ...answer(tool), versions: this.#tools.versions(slug) };
  }
}

function answer(tool: Tool): ToolAnswer {
  return {
    slug: tool.slug,
    version: tool.version,
    title: tool.title,
    description: tool.description,
    provider: tool.provider.slug,
    input: tool.input,
    ...(tool.output === undefined ? {} : { output: tool.output }),
    examples: tool.examples,
    effect: tool.effect.class,
    timeout_ms: tool.timeout_ms,
    validity_ms: tool.validity_ms,
  };
}
