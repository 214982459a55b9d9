/** A response of OpenAI's Chat Completions API, as far as it has tool calls. */
export interface ChatCompletionLike {
  readonly choices: readonly {
    readonly message: {
      readonly tool_calls?:
        | readonly {
            readonly id: string;
            readonly type: string;
            readonly function?: { readonly name: string; readonly arguments: string };
          }[]
        | null
        | undefined;
    };
  }[];
}

/** A response of OpenAI's Responses API. */
export interface ResponsesLike {
  readonly output: readonly {
    readonly type: string;
    readonly call_id?: unknown;
    readonly name?: unknown;
    readonly arguments?: unknown;
  }[];
}

/** A message of Anthropic's Messages API. */
export interface AnthropicMessageLike {
  readonly content: readonly {
    readonly type: string;
    readonly id?: unknown;
    readonly name?: unknown;
    readonly input?: unknown;
  }[];
}

/** A response of Gemini's API. */
export interface GeminiResponseLike {
  readonly responseId?: string | undefined;
  readonly candidates?:
    | readonly {
        readonly content?:
          | {
              readonly parts?:
                | readonly {
                    readonly functionCall?:
                      | { readonly id?: string; readonly name?: string; readonly args?: object }
                      | undefined;
                  }[]
                | undefined;
            }
          | undefined;
      }[]
    | undefined;
}

/** A response of a model vendor. */
export type ModelResponse = ChatCompletionLike | ResponsesLike | AnthropicMessageLike | GeminiResponseLike;

/** The tool message of a Chat Completions conversation. */
export interface ChatToolMessage {
  role: 'tool';
  tool_call_id: string;
  content: string;
}

/** The output item of a Responses conversation. */
export interface FunctionCallOutput {
  type: 'function_call_output';
  call_id: string;
  output: string;
}

/** The message with all tool results of one turn: Anthropic wants them in one. */
export interface AnthropicToolMessage {
  role: 'user';
  content: { type: 'tool_result'; tool_use_id: string; content: string; is_error: boolean }[];
}

/** The content with all function responses of one turn. */
export interface GeminiToolContent {
  role: 'user';
  parts: { functionResponse: { id?: string; name: string; response: Record<string, unknown> } }[];
}

/** The message that answers a response. */
export type ToolMessages<Response> = Response extends ChatCompletionLike
  ? ChatToolMessage
  : Response extends ResponsesLike
    ? FunctionCallOutput
    : Response extends AnthropicMessageLike
      ? AnthropicToolMessage
      : GeminiToolContent;

/** The form of a vendor, as the gateway names it. */
export type VendorForm = 'openai' | 'openai_chat' | 'anthropic' | 'gemini';

/** A tool call that a model wrote. */
export interface ModelToolCall {
  readonly name: string;
  /** Text where the vendor gives text. The mesh parses it, so that a fault in it becomes an answer for the model. */
  readonly arguments: unknown;
  /** The vendor's id of the call. Gemini may give none. */
  readonly id: string | undefined;
  /** Names the call among all calls of all responses, for a response that is handled twice. */
  readonly key: string | undefined;
}

/** The tool calls of a response, in order. Undefined for an object of another form. */
export function readToolCalls(
  response: object,
): { readonly form: VendorForm; readonly calls: readonly ModelToolCall[] } | undefined {
  if ('choices' in response) return { form: 'openai_chat', calls: ofChat(response as ChatCompletionLike) };
  if ('output' in response) return { form: 'openai', calls: ofResponses(response as ResponsesLike) };
  if ('content' in response)
    return { form: 'anthropic', calls: ofAnthropic(response as AnthropicMessageLike) };
  if ('candidates' in response) return { form: 'gemini', calls: ofGemini(response as GeminiResponseLike) };
  return undefined;
}

function ofChat({ choices }: ChatCompletionLike): ModelToolCall[] {
  return (choices[0]?.message.tool_calls ?? []).flatMap(({ id, function: called }) =>
    called === undefined ? [] : [{ name: called.name, arguments: called.arguments, id, key: id }],
  );
}

function ofResponses({ output }: ResponsesLike): ModelToolCall[] {
  return output
    .filter(({ type }) => type === 'function_call')
    .map(({ call_id, name, arguments: args }) => called(name, args, call_id));
}

function ofAnthropic({ content }: AnthropicMessageLike): ModelToolCall[] {
  return content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => called(name, input, id));
}

function called(name: unknown, args: unknown, id: unknown): ModelToolCall {
  return { name: String(name), arguments: args, id: String(id), key: String(id) };
}

function ofGemini({ candidates, responseId }: GeminiResponseLike): ModelToolCall[] {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.flatMap(({ functionCall }, index) => {
    if (functionCall === undefined) return [];
    const { id, name = '', args = {} } = functionCall;
    return [{ name, arguments: args, id, key: id ?? (responseId && `${responseId}/${index}`) }];
  });
}
