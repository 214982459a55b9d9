import type { CompiledTool } from '@action-mesh/tools/compile';

/** A module that may hold tools. */
export interface ToolModule {
  /** The name of the module in the report. */
  readonly name: string;
  readonly specifier: string;
  /** Absent for a package. */
  readonly path?: string;
}

/** The request of the parent process. It sends one. */
export interface LoadRequest {
  readonly modules: readonly ToolModule[];
  readonly timeoutMs: number;
}

/** The result for one module, in the order of the request. */
export interface LoadedModule {
  readonly tools: readonly { readonly exported: string; readonly compiled: CompiledTool }[];
  /** Exports that look like tools and were not made by `defineTool`. */
  readonly unmarked: readonly string[];
  /** Why it cannot be read. */
  readonly problem?: string;
}
