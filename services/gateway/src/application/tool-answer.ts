import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

/** The part of a tool that callers see: its effect and its input, without its address. */
export interface ToolAnswer {
  readonly slug: string;
  readonly version: string;
  readonly toolkit: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly aliases: readonly string[];
  readonly deprecated: boolean;
  readonly provider: string;
  readonly input: Tool['input'];
  readonly output?: Tool['output'];
  readonly examples: Tool['examples'];
  readonly effect: Tool['effect']['class'];
  /** The source of the effect class: the author, the importer's guess, or the team. */
  readonly effect_source: Tool['effect_source'];
  /**
   * The accounts and scopes that a user must connect. Each entry is an alternative; one of them must be met in full.
   */
  readonly security: Tool['security'];
  /** The prompt tokens of the tool. */
  readonly token_cost: number;
  readonly warnings: Tool['warnings'];
  readonly timeout_ms: number;
  readonly validity_ms: number;
}

/** The part of a tool that a model needs to choose among tools. */
export interface ToolSummary {
  readonly name: string;
  readonly version: string;
  readonly toolkit: string;
  readonly description: string;
  readonly effect: Tool['effect']['class'];
  readonly token_cost: number;
}

const longestSummary = 300;

/** Builds the part of a tool that callers may see. */
export function toolAnswer(tool: Tool): ToolAnswer {
  return {
    slug: tool.slug,
    version: tool.version,
    toolkit: tool.toolkit,
    title: tool.title,
    description: tool.description,
    tags: tool.tags,
    aliases: tool.aliases,
    deprecated: tool.deprecated === true,
    provider: tool.provider.slug,
    input: tool.input,
    ...defined({ output: tool.output }),
    examples: tool.examples,
    effect: tool.effect.class,
    effect_source: tool.effect_source,
    security: tool.security,
    token_cost: tool.token_cost,
    warnings: tool.warnings,
    timeout_ms: tool.timeout_ms,
    validity_ms: tool.validity_ms,
  };
}

/** Builds a short description for the choice of a model. A long description is cut. */
export function toolSummary({ slug, version, toolkit, description, effect, token_cost }: Tool): ToolSummary {
  const isLong = description.length > longestSummary;
  return {
    name: slug,
    version,
    toolkit,
    description: isLong
      ? `${description.slice(0, longestSummary).replace(/[\ud800-\udbff]$/, '')}…`
      : description,
    effect: effect.class,
    token_cost,
  };
}
