import type { FlowToolEffect } from '@action-mesh/flow-api';

/** An operation of an app, in the three products and as a tool of the catalog. */
export interface AppOperation {
  readonly tool: string;
  readonly does: string;
  readonly effect: FlowToolEffect;
  /** `resource.operation` of n8n. */
  readonly n8n?: string;
  /** The module of Make behind the app's name. */
  readonly make?: string;
  /** Actions of Zapier. */
  readonly zapier?: string;
  /**
   * Arguments of the tool by the parameter that holds them, with alternatives for the products. A dot in the argument
   * makes an object. `*` takes all parameters that nothing else takes, into the argument at the left.
   */
  readonly args: Readonly<Record<string, string>>;
  /** Makes a mail in RFC 2822 out of `to`, `subject`, `text` and `html`. */
  readonly mail?: true;
  /** Path of the list within the answer, for an operation that gives several items. An empty path is the answer itself. */
  readonly items?: string;
}

/** An app with its names in the three products, and the operations whose arguments are known. */
export interface AppMapping {
  readonly app: string;
  /** Types of n8n without the package. */
  readonly n8n: readonly string[];
  /** `resource.operation` that n8n leaves out of the file. */
  readonly n8nDefault?: string;
  readonly make?: readonly string[];
  readonly zapier?: readonly string[];
  readonly operations: readonly AppOperation[];
}
