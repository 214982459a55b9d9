import type { CompiledTool } from '@action-mesh/tools/compile';

/** A module that may hold tools. */
export interface ToolModule {
  /** What the report calls it. */
  readonly name: string;
  readonly specifier: string;
  /** Absent for a package. */
  readonly path?: string;
}

/** What the parent asks for, once. */
export interface LoadRequest {
  readonly modules: readonly ToolModule[];
  readonly timeoutMs: number;
}

/** What became of one module, in the order of the request. */
export interface LoadedModule {
  readonly tools: readonly { readonly exported: string; readonly compiled: CompiledTool }[];
  /** Exports that look like tools and were not made by `defineTool`. */
  readonly unmarked: readonly string[];
  /** Why it cannot be read. */
  readonly problem?: string;
}
