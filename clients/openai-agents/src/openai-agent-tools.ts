import type { ActionMesh, AgentTool, AgentToolOptions } from '@action-mesh/sdk';
import { tool, type FunctionTool } from '@openai/agents';

/**
 * Tools of the mesh for an `Agent` of the OpenAI Agents SDK, in strict mode where that loses nothing. Results and refusals
 * are texts, so the model can react to both.
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

/** The facts of the SDK about one call. */
interface CallDetails {
  readonly toolCall?: { readonly callId: string };
  readonly signal?: AbortSignal;
}
