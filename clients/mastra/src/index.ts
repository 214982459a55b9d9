// Tools for Mastra
export { mastraTools as meshTools } from './mastra-tools.js';
export type { MastraTool } from './mastra-tools.js';
export type { AgentToolOptions as MeshToolOptions } from '@action-mesh/sdk';
