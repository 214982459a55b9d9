/** The forms of a tool, by vendor. `plain` is JSON Schema 2020-12 under the mesh's own names. */
export const toolForms = ['plain', 'mcp', 'openai', 'openai_chat', 'anthropic', 'gemini'] as const;

/** The name of a form. */
export type ToolForm = (typeof toolForms)[number];

/** One place where a vendor's form is less precise than the tool. */
export interface Difference {
  /** JSON pointer into the tool's input. */
  readonly pointer: string;
  /** The keyword at this place, or another reason. */
  readonly what: string;
}

/** A tool in the form of one vendor. */
export interface Projection {
  /** The entry for the vendor's list of tools. */
  readonly definition: Readonly<Record<string, unknown>>;
  /**
   * Rules that the form leaves out. The model may break them, and the call then fails with an explanation. The
   * description states them if words can.
   */
  readonly relaxed: readonly Difference[];
  /** Parts that the form cannot express at all. For `openai`: the reasons that it is not strict. */
  readonly lost: readonly Difference[];
  /** Turns the model's arguments in this form into arguments of the tool. */
  readonly restore: (args: unknown) => unknown;
}
