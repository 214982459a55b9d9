import type { ExecuteToolOptions } from '../call-options.js';
import { withHooks, type CallHooks } from '../call-hooks.js';
import type { ApiAnswers, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import type { ExecutedCall } from '../outcome.js';
import { nameOfTool, type ToolShapes } from '../tool-shapes.js';
import type { ToolInput, ToolOutput, ToolSlug } from '../tool-types.js';
import { AgentTool } from '../tool-calls/agent-tool.js';
import { answerToolCalls, type HandleOptions } from '../tool-calls/answer-tool-calls.js';
import type { ModelResponse, ToolMessages } from '../tool-calls/model-responses.js';
import { wireNames, type CamelNames } from '../wire-names.js';
import type { CallsApi } from './calls.js';

/** Conditions on tools. */
export type ToolFilters = Partial<CamelNames<Omit<ApiQueries['listTools'], 'form' | 'meta' | 'cursor'>>>;

/** The tools for a model. */
export interface ToolSelection extends Omit<ToolFilters, 'toolkit' | 'limit'> {
  /** Only these tools. An unknown slug is an error. */
  readonly slugs?: readonly string[] | undefined;
  /** Only the tools of these toolkits. */
  readonly toolkits?: readonly string[] | undefined;
}

/** Options of `tools.forAgent`: the tools, their user, and the identity of calls. */
export interface AgentToolOptions extends HandleOptions, Pick<ToolSelection, 'slugs' | 'toolkits'> {
  /** @default plain */
  readonly as?: 'plain' | 'openai' | undefined;
}

/** A tool, as the mesh lists it. */
export type ListedTool = Omit<ApiSchemas['ToolVersions'], 'versions' | 'toolkit_versions'>;

/** A page of tools. */
export type ToolPage = Omit<ApiSchemas['ToolList'], 'tools'> & { readonly tools: readonly ListedTool[] };

/** The most tools of one answer. */
const mostTools = 5_000;

/** The tools of the mesh: find them, give them to a model, run them. */
export class ToolsApi {
  readonly #api: ApiClient;
  readonly #calls: CallsApi;
  readonly #hooks: CallHooks;

  constructor(api: ApiClient, calls: CallsApi, hooks: CallHooks) {
    this.#api = api;
    this.#calls = calls;
    this.#hooks = hooks;
  }

  /** A page of tools. `cursor` of a page gives the next one. */
  async list(
    filters: ToolFilters & { readonly cursor?: string } & MeshRequestOptions = {},
  ): Promise<ToolPage> {
    const { signal, timeoutMs, traceparent, tracestate, ...query } = filters;
    const input = { signal, timeoutMs, traceparent, tracestate, query: wireNames(query) };
    return (await this.#api.json('listTools', input)) as ToolPage;
  }

  /** The tools that fit words best, the best first. */
  search(query: string, filters: Omit<ToolFilters, 'query'> & MeshRequestOptions = {}): Promise<ToolPage> {
    return this.list({ limit: 10, ...filters, query });
  }

  /** One tool with its versions. */
  async show(
    slug: string,
    { version, ...options }: { readonly version?: string } & MeshRequestOptions = {},
  ): Promise<ApiAnswers['findTool']> {
    return this.#api.call('findTool', { ...options, path: { slug }, query: { version } });
  }

  /** Tools in the shape of a model vendor, for its list of tools. The same tools come in the same order. */
  async get<Shape extends keyof ToolShapes>(
    selection: ToolSelection,
    { as, ...options }: { readonly as: Shape } & MeshRequestOptions,
  ): Promise<ToolShapes[Shape][]> {
    const { slugs, toolkits, ...filters } = selection;
    const found = await Promise.all((slugs ?? []).map((slug) => this.show(slug, options)));
    const wanted = toolkits ?? (slugs && [...new Set(found.map(({ toolkit }) => toolkit))]);
    const query = { ...wireNames(filters), form: as };
    const lists = await Promise.all(
      (wanted ?? [undefined]).map((toolkit) => this.#all({ ...query, toolkit }, options)),
    );
    const byName = new Map<string, ToolShapes[Shape]>();
    for (const tool of lists.flat()) byName.set(nameOfTool(tool as never), tool as ToolShapes[Shape]);
    if (slugs === undefined) return [...byName.values()];
    // A slug may be an alias, so the answer of the mesh names the tool.
    return found.flatMap(({ slug }) => byName.get(slug) ?? []);
  }

  /**
   * Runs a tool for a user, and waits for its outcome. The status of the outcome is data: a provider's refusal is no
   * exception. Throws `MeshClientError` when the mesh does not take the call.
   *
   * With a `runId` an equal call of the run is the same call; with an `idempotencyKey` every call with the key is.
   * Without both, each `execute` is a call of its own. The client repeats requests by an id of the call in any case.
   */
  async execute<Slug extends ToolSlug>(
    slug: Slug,
    args: ToolInput<Slug>,
    options: ExecuteToolOptions,
  ): Promise<ExecutedCall<ToolOutput<Slug>>> {
    const { waitMs = 60_000, ...rest } = options;
    const call = { slug, arguments: args, identity: options };
    return withHooks(this.#hooks, call, async (made) => {
      const answer = await this.#calls.start(slug, made, { ...rest, waitMs });
      return answer as ExecutedCall<ToolOutput<Slug>>;
    });
  }

  /**
   * Runs the tool calls in a response of OpenAI (Responses or Chat Completions), Anthropic or Gemini in parallel, and
   * returns the messages to send back. It is empty when the response has no tool calls. A failure of one call is its
   * result, in words for the model. A wrong key is thrown.
   *
   * The key against repetitions is the run with the arguments; without a `runId` it is the model's id of the tool call.
   */
  handleToolCalls<Response extends ModelResponse>(
    response: Response,
    options: HandleOptions,
  ): Promise<ToolMessages<Response>[]> {
    return answerToolCalls(this.#api, this.#hooks, response, options);
  }

  /**
   * The tools that an agent framework gets, each with its function. The adapters of this project are made of them.
   * `as` is `openai` for a framework that sends the schema to OpenAI in strict mode.
   */
  async forAgent({ slugs, toolkits, as = 'plain', ...options }: AgentToolOptions): Promise<AgentTool[]> {
    const { userId, signal, timeoutMs } = options;
    const tools = await this.get({ slugs, toolkits, userId }, { as, signal, timeoutMs });
    return tools.map((tool) => new AgentTool(this.#api, this.#hooks, tool, options));
  }

  async #all(query: Record<string, unknown>, options: MeshRequestOptions): Promise<unknown[]> {
    const tools: unknown[] = [];
    let cursor: string | undefined;
    do {
      const input = { ...options, query: { ...query, cursor, limit: mostTools } };
      const page = (await this.#api.json('listTools', input)) as ApiSchemas['ToolList'];
      tools.push(...page.tools);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return tools;
  }
}
