import type { ActionMesh, AgentToolOptions } from '@action-mesh/sdk';
import { FunctionTool } from '@llamaindex/core/tools';

/**
 * Tools of the mesh for agents of LlamaIndex.TS. Results and refusals are texts, so the model can react to both.
 * LlamaIndex gives a tool no id of its call. Pass a `runId`, so that the mesh finds repetitions.
 */
export async function llamaIndexTools(
  mesh: ActionMesh,
  options: Omit<AgentToolOptions, 'as'>,
): Promise<FunctionTool<object, Promise<string>>[]> {
  const tools = await mesh.tools.forAgent(options);
  return tools.map((meshTool) => {
    const run = async (input: object): Promise<string> => (await meshTool.call(input)).text;
    const { name, description, schema } = meshTool;
    // The type of the schema repeats the type of the arguments, which only the mesh knows.
    return FunctionTool.from(run, { name, description, parameters: schema as never }) as FunctionTool<
      object,
      Promise<string>
    >;
  });
}
