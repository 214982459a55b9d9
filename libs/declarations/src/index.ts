// Types
export { TypeWriter } from './type-writer.js';
export type { ReferenceNames } from './type-writer.js';

// Declarations of tools
export { toolDeclarations } from './tool-declarations.js';
export type { DeclaredTool } from './tool-declarations.js';
