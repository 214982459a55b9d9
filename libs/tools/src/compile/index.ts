// What only the makers of tools need: it brings a tokenizer's table along, which nobody on the path of a call should hold.
export { compileTool } from './compile-tool.js';
export type { CompiledTool, ToolOrigin } from './compile-tool.js';
export { effectProblems } from './effect-rules.js';
export { headerNameProblem } from './header-rules.js';
export { inputSchemaProblems } from './input-schema.js';
export { instructionWarnings, visibleText } from './instruction-like-text.js';
export { resolveLocal } from './object-schema.js';
export { patternProblem } from './schema-rules.js';
export { tokenCost } from './token-cost.js';
