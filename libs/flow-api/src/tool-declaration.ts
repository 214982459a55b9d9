import type { Dynamic } from './dynamic.js';

/** The known effect of repeating a call, as the catalog states it. */
export type FlowToolEffect = 'read' | 'idempotent' | 'keyed' | 'probeable' | 'opaque';

/** A tool that a flow calls, pinned to a version. `Input` and `Output` exist only for the compiler. */
export interface ToolDeclaration<Input = Dynamic, Output = Dynamic> {
  readonly slug: string;
  /** The exact version. Absent: the catalog has no such tool yet, and a deployment is refused. */
  readonly version?: string;
  readonly effect: FlowToolEffect;
  /** Never set: carries the types of the arguments and the result. */
  readonly types?: (input: Input) => Output;
}

/** Declares a tool for flows. `tools.ts` is generated from the catalog and consists of these. */
export function declareTool<Input, Output = Dynamic>(
  tool: ToolDeclaration<Input, Output>,
): ToolDeclaration<Input, Output> {
  return Object.freeze(tool);
}
