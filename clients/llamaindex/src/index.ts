// Tools for LlamaIndex.TS
export { llamaIndexTools as meshTools } from './llamaindex-tools.js';
export type { AgentToolOptions as MeshToolOptions } from '@action-mesh/sdk';
