import type { ActionMesh, AgentToolOptions } from '@action-mesh/sdk';
import { jsonSchema, tool, type Tool } from 'ai';

/**
 * Tools of the mesh for `generateText`, `streamText` and agents of the AI SDK, by name. Results and refusals are texts, so
 * the model can react to both.
 */
export async function aiSdkTools(
  mesh: ActionMesh,
  options: Omit<AgentToolOptions, 'as'>,
): Promise<Record<string, Tool<unknown, string>>> {
  const tools = await mesh.tools.forAgent(options);
  return Object.fromEntries(
    tools.map((meshTool) => [
      meshTool.name,
      tool({
        description: meshTool.description,
        inputSchema: jsonSchema(meshTool.schema),
        execute: async (input: unknown, { toolCallId, abortSignal }) =>
          (await meshTool.call(input, { toolCallId, signal: abortSignal })).text,
      }),
    ]),
  );
}
