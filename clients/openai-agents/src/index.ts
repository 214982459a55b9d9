// Tools for the OpenAI Agents SDK
export { openAiAgentTools as meshTools } from './openai-agent-tools.js';
export type { AgentToolOptions as MeshToolOptions } from '@action-mesh/sdk';
