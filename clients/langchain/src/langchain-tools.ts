import type { ActionMesh, AgentTool, AgentToolOptions } from '@action-mesh/sdk';
import { DynamicStructuredTool } from '@langchain/core/tools';

/**
 * Tools of the mesh for LangChain and LangGraph. Results and refusals are texts, so the model can react to both.
 */
export async function langChainTools(
  mesh: ActionMesh,
  options: Omit<AgentToolOptions, 'as'>,
): Promise<DynamicStructuredTool[]> {
  return (await mesh.tools.forAgent(options)).map(langChainTool);
}

function langChainTool(meshTool: AgentTool): DynamicStructuredTool {
  return new DynamicStructuredTool({
    name: meshTool.name,
    description: meshTool.description,
    schema: meshTool.schema,
    func: async (input: unknown, _run, config) => {
      const { toolCall, signal } = (config ?? {}) as ToolConfig;
      return (await meshTool.call(input, { toolCallId: toolCall?.id, signal })).text;
    },
  });
}

/** The members that LangChain adds to the configuration of a run after a tool call of a model. */
interface ToolConfig {
  readonly toolCall?: { readonly id?: string };
  readonly signal?: AbortSignal;
}
