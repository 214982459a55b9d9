/**
 * The kinds of a change, by their effect on callers: new wording, an extension, or a change that breaks existing calls.
 */
export const changeKinds = ['text', 'compatible', 'breaking'] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** One difference between two versions of a tool. */
export interface Change {
  readonly kind: ChangeKind;
  /** JSON pointer into the newer tool; for a removed part, into the older one. */
  readonly pointer: string;
  readonly message: string;
}

/** The differences of one tool between two releases of its toolkit. */
export interface ToolDifference {
  readonly slug: string;
  /** The version in the release before; absent for a new tool. */
  readonly was?: string;
  /** The version in the newer release; absent for a removed tool. */
  readonly is?: string;
  readonly kind: ChangeKind;
  readonly changes: readonly Change[];
}

/** A fault and its RFC 6901 pointer. */
interface Problem {
  readonly pointer: string;
  readonly message: string;
}

/** An override that was written for an older form of its tool, with the conflicts that this causes. */
export interface ConflictedOverride {
  readonly slug: string;
  readonly revision: number;
  readonly conflicts: readonly Problem[];
  /** The reasons why the override cannot apply at all. The tool then stays at its version. */
  readonly problems: readonly Problem[];
}

/** The document that an import read. */
export interface ImportSource {
  /** The file or the URL. */
  readonly document: string;
  readonly title: string;
  /** SHA-256 of its bytes, in hex. */
  readonly digest: string;
  readonly select: readonly string[];
}

/** The result of an import into a toolkit. */
export interface ImportedToolkit {
  readonly toolkit: string;
  /** The date of the toolkit's newest release. */
  readonly release?: string;
  /** This import made that release. */
  readonly isNew: boolean;
  readonly tools: number;
  readonly differences: readonly ToolDifference[];
  readonly conflicts: readonly ConflictedOverride[];
  /** Refused tools with the reasons. The other tools are stored all the same. */
  readonly refused: readonly { readonly slug: string; readonly problems: readonly Problem[] }[];
  readonly stable?: string;
  /** The reason why `stable` stays behind the newest release. */
  readonly held?: string;
  readonly published: boolean;
}
