import type { ActionMesh, AgentTool, AgentToolOptions, ToolSchema } from '@action-mesh/sdk';

/** The options of a tool for Mastra's `createTool`. */
export interface MastraTool {
  id: string;
  description: string;
  inputSchema: ToolSchema;
  execute: (input: unknown, options?: unknown) => Promise<string>;
}

/**
 * Tools of the mesh for an `Agent` of Mastra, by name: pass each to `createTool`. Results and refusals are texts, so the
 * model can react to both.
 */
export async function mastraTools(
  mesh: ActionMesh,
  options: Omit<AgentToolOptions, 'as'>,
): Promise<Record<string, MastraTool>> {
  const tools = await mesh.tools.forAgent(options);
  return Object.fromEntries(tools.map((tool) => [tool.name, mastraTool(tool)]));
}

function mastraTool(tool: AgentTool): MastraTool {
  return {
    id: tool.name,
    description: tool.description,
    inputSchema: tool.schema,
    execute: async (input, options) => {
      const { toolCallId, abortSignal } = callOf(input, options);
      return (await tool.call(argumentsOf(input), { toolCallId, signal: abortSignal })).text;
    },
  };
}

interface MastraCall {
  readonly toolCallId?: string;
  readonly abortSignal?: AbortSignal;
}

/**
 * Mastra 1 gives the arguments first and the context of the call second. Mastra 0 gives both in one object, together
 * with a context of the request. That context shows that `context` is no argument of the tool.
 */
function argumentsOf(input: unknown): unknown {
  return isMastra0(input) ? input.context : input;
}

function isMastra0(input: unknown): input is { readonly context: unknown } {
  return typeof input === 'object' && input !== null && 'context' in input && 'runtimeContext' in input;
}

/** The id of the call and its signal, in the second argument of both versions, or under `agent` in Mastra 1. */
function callOf(_input: unknown, options: unknown): MastraCall {
  const given = (options ?? {}) as MastraCall & { readonly agent?: MastraCall };
  return {
    ...withId(given.toolCallId ?? given.agent?.toolCallId),
    ...(given.abortSignal === undefined ? {} : { abortSignal: given.abortSignal }),
  };
}

function withId(toolCallId: string | undefined): Pick<MastraCall, 'toolCallId'> {
  return toolCallId === undefined ? {} : { toolCallId };
}
