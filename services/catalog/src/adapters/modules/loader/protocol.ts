import type { CompiledTool } from '@action-mesh/tools/compile';

/** A module that may hold tools. */
export interface ToolModule {
  /** The name of the module in the report. */
  readonly name: string;
  readonly specifier: string;
  /** Absent for a package. */
  readonly path?: string;
}

/** The one request of the parent process. */
export interface ModuleLoadRequest {
  readonly modules: readonly ToolModule[];
  readonly timeoutMs: number;
}

/** The result for one module, in the order of the request. */
export interface LoadedModule {
  readonly tools: readonly { readonly exported: string; readonly compiled: CompiledTool }[];
  /** Exports that look like tools but come without `defineTool`. */
  readonly unmarked: readonly string[];
  /** The reason why the module cannot be read. */
  readonly problem?: string;
}
