// Exports for the makers of tools only. They load a tokenizer's table, and processes on the path of a call must not
// hold it.
export { shownCost } from './collapse.js';
export { compileTool } from './compile-tool.js';
export type { CompiledTool, ToolOrigin } from './compile-tool.js';
export { headerNameProblem } from './header-rules.js';
export { instructionWarnings, visibleText } from './instruction-like-text.js';
export { pathProblem } from '../request/path-template.js';
export { declaredProperties, resolveLocal } from '../validate/object-schema.js';
export { fitsFormat } from '../validate/schema-compiler.js';
export { patternProblem } from './schema-rules.js';
export { tokenCost } from './token-cost.js';
export { toolProblems } from './tool-rules.js';
