// Tools for LangChain
export { langChainTools as meshTools } from './langchain-tools.js';
export type { AgentToolOptions as MeshToolOptions } from '@action-mesh/sdk';
