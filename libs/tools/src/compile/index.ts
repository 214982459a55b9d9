// What only the makers of tools need: it brings a tokenizer's table along, which nobody on the path of a call should hold.
export { shownCost } from './collapse.js';
export { compileTool } from './compile-tool.js';
export type { CompiledTool, ToolOrigin } from './compile-tool.js';
export { headerNameProblem } from './header-rules.js';
export { instructionWarnings, visibleText } from './instruction-like-text.js';
export { pathProblem } from '../request/path-template.js';
export { resolveLocal } from '../validate/object-schema.js';
export { fitsFormat } from '../validate/schema-compiler.js';
export { patternProblem } from './schema-rules.js';
export { tokenCost } from './token-cost.js';
export { toolProblems } from './tool-rules.js';
