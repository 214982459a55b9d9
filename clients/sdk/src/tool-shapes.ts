/** A JSON Schema. */
export type ToolSchema = Record<string, unknown>;

/** A tool for OpenAI's Responses API. */
export interface OpenAiTool {
  type: 'function';
  name: string;
  description: string;
  parameters: ToolSchema;
  strict: boolean;
}

/** A tool for OpenAI's Chat Completions API. */
export interface OpenAiChatTool {
  type: 'function';
  function: { name: string; description: string; parameters: ToolSchema; strict: boolean };
}

/** A tool for Anthropic's Messages API. */
export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: ToolSchema & { type: 'object' };
}

/** A function declaration for Gemini. */
export interface GeminiTool {
  name: string;
  description: string;
  parametersJsonSchema: ToolSchema;
}

/** A tool of the Model Context Protocol. */
export interface McpTool {
  name: string;
  title: string;
  description: string;
  inputSchema: ToolSchema & { type: 'object' };
  outputSchema?: ToolSchema & { type: 'object' };
  annotations: Record<string, unknown>;
}

/** A tool as plain JSON Schema, for any other framework. */
export interface PlainTool {
  name: string;
  description: string;
  input_schema: ToolSchema;
}

/** The shapes of tools, by the `as` of `tools.get`. */
export interface ToolShapes {
  openai: OpenAiTool;
  openai_chat: OpenAiChatTool;
  anthropic: AnthropicTool;
  gemini: GeminiTool;
  mcp: McpTool;
  plain: PlainTool;
}

/** The slug of a tool in any shape. */
export function nameOfTool(tool: ToolShapes[keyof ToolShapes]): string {
  return 'function' in tool ? tool.function.name : tool.name;
}
