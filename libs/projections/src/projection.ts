/** Whose shape a tool is wanted in; `plain` is JSON Schema 2020-12 under the names that the mesh itself uses. */
export const toolForms = ['plain', 'mcp', 'openai', 'openai_chat', 'anthropic', 'gemini'] as const;

/** The name of a form. */
export type ToolForm = (typeof toolForms)[number];

/** One place at which a vendor's shape says less than the tool does. */
export interface Difference {
  /** JSON pointer into the tool's input. */
  readonly pointer: string;
  /** The keyword, or what else it is about. */
  readonly what: string;
}

/** A tool in the shape of one vendor. */
export interface Projection {
  /** What goes into the vendor's list of tools. */
  readonly definition: Readonly<Record<string, unknown>>;
  /**
   * Rules that the shape leaves out. The model may break them and is told so when it calls; where words can say them, the
   * description does.
   */
  readonly relaxed: readonly Difference[];
  /** What cannot be said in the shape at all. For `openai`: why it is not strict. */
  readonly lost: readonly Difference[];
  /** Arguments as a model gives them in this shape, as arguments of the tool. */
  readonly restore: (args: unknown) => unknown;
}
