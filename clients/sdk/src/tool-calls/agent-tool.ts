import type { CallHooks } from '../call-hooks.js';
import type { ApiClient } from '../http/api-client.js';
import type { OpenAiTool, PlainTool, ToolSchema } from '../tool-shapes.js';
import { answerToolCall, type HandleOptions } from './answer-tool-calls.js';

/** The answer to one call of an agent's tool. */
export interface AgentToolAnswer {
  /** The text for the model: the exact result, or the reason of a failure. */
  readonly text: string;
  readonly isError: boolean;
}

/** One call of an agent's tool. */
export interface AgentToolCall {
  /** The framework's id of the call. Without a run it is the key against repetitions. */
  readonly toolCallId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A tool of the mesh for one user: its name, its schema and its function, for the adapter of an agent framework. */
export class AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: ToolSchema;
  /** True: the schema obeys the rules of OpenAI's strict mode. */
  readonly isStrict: boolean;
  readonly #api: ApiClient;
  readonly #hooks: CallHooks;
  readonly #form: 'anthropic' | 'openai';
  readonly #options: HandleOptions;

  constructor(api: ApiClient, hooks: CallHooks, tool: PlainTool | OpenAiTool, options: HandleOptions) {
    const isForOpenAi = 'strict' in tool;
    this.name = tool.name;
    this.description = tool.description;
    this.schema = isForOpenAi ? tool.parameters : tool.input_schema;
    this.isStrict = isForOpenAi && tool.strict;
    this.#api = api;
    this.#hooks = hooks;
    // The strict form marks absent members by null, which only the form of OpenAI takes back.
    this.#form = isForOpenAi ? 'openai' : 'anthropic';
    this.#options = options;
  }

  /** Runs the tool. Wrong arguments and refusals are answers for the model; a wrong key is thrown. */
  async call(args: unknown, { toolCallId, signal }: AgentToolCall = {}): Promise<AgentToolAnswer> {
    const call = { name: this.name, arguments: args, id: undefined, key: toolCallId };
    const options = { ...this.#options, signal: signal ?? this.#options.signal };
    const answer = (await answerToolCall(this.#api, this.#hooks, this.#form, call, options)) as {
      readonly output?: string;
      readonly content?: string;
      readonly is_error?: boolean;
    };
    const text = answer.output ?? answer.content ?? '';
    return { text, isError: answer.is_error ?? /^\{"is_error":true\b/.test(text) };
  }
}
