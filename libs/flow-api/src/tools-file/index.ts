export { toolsFile } from './tools-file.js';
export type { WantedTool } from './tools-file.js';
