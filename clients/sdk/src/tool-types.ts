/**
 * The tools of a mesh, by slug. `mesh tools types` writes a file that adds them, so that arguments and results of
 * `tools.execute` are checked. Without the file every slug is allowed.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- other modules add members
export interface ToolTypes {}

/** A slug: one that is declared, or any other text. */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- without declared tools, there is no key
export type ToolSlug = (keyof ToolTypes & string) | (string & Record<never, never>);

/** The arguments of a tool. */
export type ToolInput<Slug extends string> = Slug extends keyof ToolTypes
  ? ToolTypes[Slug] extends { readonly input: infer Input }
    ? Input
    : object
  : object;

/** The result of a tool. */
export type ToolOutput<Slug extends string> = Slug extends keyof ToolTypes
  ? ToolTypes[Slug] extends { readonly output: infer Output }
    ? Output
    : unknown
  : unknown;
