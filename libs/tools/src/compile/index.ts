// What only the makers of tools need: it brings a tokenizer's table along, which nobody on the path of a call should hold.
export { compileTool } from './compile-tool.js';
export type { CompiledTool } from './compile-tool.js';
export { tokenCost } from './token-cost.js';
