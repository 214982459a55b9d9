import type { ActionMesh, AgentTool, AgentToolOptions } from '@action-mesh/sdk';
import { DynamicStructuredTool } from '@langchain/core/tools';

/**
 * Tools of the mesh for LangChain and LangGraph. Their results are texts for the model: a refusal is a result too, so
 * that the model can react to it.
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

/** What LangChain adds to the configuration of a run when a model called the tool. */
interface ToolConfig {
  readonly toolCall?: { readonly id?: string };
  readonly signal?: AbortSignal;
}
