import { CallRefusedError, type ToolFilter } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import {
  executeToolSchema,
  metaToolSlugs,
  toolSlugSchema,
  type MetaToolSlug,
} from '@action-mesh/contracts/gateway';
import { defined, schemaProblems } from '@action-mesh/kernel';
import { inputPart } from '@action-mesh/tools';
import { z } from 'zod';

import type { KnownTools } from './known-tools.js';
import { toolAnswer, toolSummary, type ToolAnswer, type ToolSummary } from './tool-answer.js';
import type { ToolSearch } from './tool-search.js';

/** The answer of `search_tools` or `describe_tool`. The gateway gives it without a call. */
export interface MetaToolAnswer {
  readonly status: 'succeeded';
  readonly tool: { readonly slug: MetaToolSlug };
  readonly result: { readonly tools: readonly ToolSummary[]; readonly total: number } | ToolAnswer | ToolPart;
}

/** One part of a tool's input. */
export interface ToolPart {
  readonly slug: string;
  readonly version: string;
  /** JSON pointer into the input of the tool. */
  readonly part: string;
  readonly schema: Tool['input'];
}

const mostFound = 50;

const searchSchema = z.strictObject({
  query: z.string().max(500).describe('What the tool should do, in a few words.'),
  toolkit: toolSlugSchema.optional().describe('Only tools of this toolkit.'),
  limit: z.int().min(1).max(mostFound).default(10).describe('How many at most.'),
});

const describeSchema = executeToolSchema.omit({ arguments: true }).extend({
  part: z
    .string()
    .max(2_000)
    .optional()
    .describe('Only this part of the arguments: the JSON pointer that a collapsed argument names.'),
});

interface Shown {
  readonly description: string;
  readonly input: z.ZodType;
  /** The prompt tokens, counted once, since the gateway has no tokenizer. A test compares the number with the count. */
  readonly tokenCost: number;
}

/** The public parts of each meta-tool. Meta-tools serve where a prompt has no room for all tools. */
const shown: Readonly<Record<MetaToolSlug, Shown>> = {
  search_tools: {
    description:
      'Finds tools by what they do. Returns names, what each does, and what it takes in tokens; the best first. Look here first.',
    input: searchSchema,
    tokenCost: 141,
  },
  describe_tool: {
    description:
      'Shows one tool in full: what it does, which arguments it takes, and examples. Use before the first call of a tool. With "part" it opens one collapsed argument.',
    input: describeSchema,
    tokenCost: 236,
  },
  execute_tool: {
    description:
      'Calls a tool with its arguments, and returns what came of it, exactly as a direct call of the tool would.',
    input: executeToolSchema,
    tokenCost: 231,
  },
};

/** The meta-tools as tools, for the shapes that models see. No topic carries them; the gateway itself answers them. */
export const metaTools: readonly Tool[] = metaToolSlugs.map((slug) => ({
  slug,
  version: '1.0.0',
  toolkit: 'mesh',
  title: slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('_', ' '),
  description: shown[slug].description,
  tags: [],
  aliases: [],
  security: [],
  provider: { slug: 'mesh', base_url: 'https://mesh.invalid' },
  input: inputOf(shown[slug].input),
  examples: [],
  http: { method: 'POST', path: '/', parameters: [], headers: {} },
  effect: slug === 'execute_tool' ? { class: 'opaque' } : { class: 'read' },
  effect_source: 'declared',
  token_cost: shown[slug].tokenCost,
  warnings: [],
  timeout_ms: 30_000,
  retry: { max_attempts: 1, initial_backoff_ms: 0, max_backoff_ms: 0 },
  validity_ms: 0,
}));

/** Answers `search_tools` and `describe_tool`. `execute_tool` is a normal call and is handled elsewhere. */
export class MetaTools {
  readonly #tools: KnownTools;
  readonly #search: ToolSearch;

  constructor(tools: KnownTools, search: ToolSearch) {
    this.#tools = tools;
    this.#search = search;
  }

  /** Throws `CallRefusedError`. Throws `MeshUnavailableError` while the tools are not known. */
  async answer(
    { tools: filter }: { readonly tools?: ToolFilter | undefined },
    slug: 'search_tools' | 'describe_tool',
    args: unknown,
  ): Promise<MetaToolAnswer> {
    if (slug === 'describe_tool') {
      const { tool: name, version, part } = read(describeSchema, args);
      const tool = this.#described(name, version, filter);
      const result = part === undefined ? toolAnswer(tool) : toolPart(tool, part);
      return { status: 'succeeded', tool: { slug }, result };
    }
    const { query, toolkit, limit } = read(searchSchema, args);
    const found = await this.#search.find({ text: query, limit, ...defined({ toolkit }) }, filter);
    return {
      status: 'succeeded',
      tool: { slug },
      result: { tools: found.tools.map(toolSummary), total: found.total },
    };
  }

  #described(slug: string, version: string | undefined, filter: ToolFilter | undefined): Tool {
    try {
      return this.#tools.registry().find(slug, version, filter).tool;
    } catch (error) {
      throw refusedWhereGiven(error);
    }
  }
}

function toolPart(tool: Tool, part: string): ToolPart {
  const found = inputPart(tool.input, tool.collapsed ?? [], part);
  if ('schema' in found) {
    return { slug: tool.slug, version: tool.version, part, schema: found.schema as Tool['input'] };
  }
  const nearest = found.nearest.map((pointer) => JSON.stringify(pointer)).join(', ');
  throw new CallRefusedError(
    'invalid_arguments',
    `The input of ${tool.slug} has no such part.`,
    `Give the pointer that a collapsed argument names${nearest === '' ? '' : `, such as ${nearest}`}. Without "part" the whole tool is shown.`,
    [{ pointer: '/arguments/part', message: `leads to no schema in the input of ${tool.slug}` }],
  );
}

/** Maps the members of a call to the arguments of `describe_tool`. */
const placesInRequest: Readonly<Record<string, string>> = {
  '/tool/slug': '/arguments/tool',
  '/tool/version': '/arguments/version',
};

/** Moves the error pointers of a refusal to the members of the original request. */
function refusedWhereGiven(error: unknown): unknown {
  if (!(error instanceof CallRefusedError)) return error;
  const problems = error.problems.map((problem) => ({
    ...problem,
    pointer: placesInRequest[problem.pointer] ?? problem.pointer,
  }));
  return new CallRefusedError(error.refusal, error.message, error.fix, problems);
}

function read<Schema extends z.ZodType>(schema: Schema, args: unknown): z.infer<Schema> {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  throw new CallRefusedError(
    'invalid_arguments',
    "The arguments do not match the tool's schema.",
    'Correct the arguments that "errors" names.',
    schemaProblems(result.error.issues, '/arguments'),
  );
}

function inputOf(schema: z.ZodType): Tool['input'] {
  const { $schema: _dialect, ...input } = z.toJSONSchema(schema, { io: 'input' });
  return input as Tool['input'];
}
