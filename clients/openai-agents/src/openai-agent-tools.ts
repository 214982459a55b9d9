import type { ActionMesh, AgentTool, AgentToolOptions } from '@action-mesh/sdk';
import { tool, type FunctionTool } from '@openai/agents';

/**
 * Tools of the mesh for an `Agent` of the OpenAI Agents SDK, in strict mode where that loses nothing. Their results are
 * texts for the model: a refusal is a result too, so that the model can react to it.
 */
export async function openAiAgentTools(
  mesh: ActionMesh,
  options: Omit<AgentToolOptions, 'as'>,
): Promise<FunctionTool[]> {
  return (await mesh.tools.forAgent({ ...options, as: 'openai' })).map(openAiAgentTool);
}

function openAiAgentTool(meshTool: AgentTool): FunctionTool {
  return tool({
    name: meshTool.name,
    description: meshTool.description,
    // The types of both modes ask for a literal schema; this one comes from the mesh.
    parameters: meshTool.schema as never,
    strict: meshTool.isStrict as never,
    execute: async (input: unknown, _context: unknown, details?: CallDetails) =>
      (await meshTool.call(input, { toolCallId: details?.toolCall?.callId, signal: details?.signal })).text,
    // Without this, the SDK turns a wrong key into words for the model.
    errorFunction: null,
  });
}

/** What the SDK tells about one call. */
interface CallDetails {
  readonly toolCall?: { readonly callId: string };
  readonly signal?: AbortSignal;
}
