// Tools for the AI SDK
export { aiSdkTools as meshTools } from './ai-sdk-tools.js';
export type { AgentToolOptions as MeshToolOptions } from '@action-mesh/sdk';
