import { jsonPointer } from '@action-mesh/kernel';

/** A fact about an operation or a document that its importer should know. */
export interface DocumentFinding {
  /** For programs: `reference_outside`. */
  readonly code: string;
  /** JSON pointer into the document: the place of the fact, or the operation that it concerns. */
  readonly pointer: string;
  /** For people: a sentence without its subject. It never contains the document's own prose. */
  readonly message: string;
}

/** Extends a pointer by member names and positions. */
export function below(pointer: string, ...path: readonly (string | number)[]): string {
  return pointer + jsonPointer(path);
}

/**
 * Collects the findings about one thing: reasons against it, and warnings. The number is bounded, and each finding is
 * added once.
 */
export class Findings {
  static readonly #most = 20;
  readonly #reasons = new Map<string, DocumentFinding>();
  readonly #warnings = new Map<string, DocumentFinding>();

  get reasons(): readonly DocumentFinding[] {
    return [...this.#reasons.values()];
  }

  get warnings(): readonly DocumentFinding[] {
    return [...this.#warnings.values()];
  }

  /** Adds a reason that this cannot be a tool. */
  refuse(code: string, pointer: string, message: string): void {
    put(this.#reasons, { code, pointer, message }, Findings.#most);
  }

  /** Adds a warning: this can be a tool, but not exactly as in the document. */
  warn(code: string, pointer: string, message: string): void {
    put(this.#warnings, { code, pointer, message }, Findings.#most);
  }

  /** Adds a warning even if the list is full. It then replaces the last warning. */
  warnAbove(code: string, pointer: string, message: string): void {
    const last = [...this.#warnings.keys()].at(-1);
    if (this.#warnings.size >= Findings.#most && last !== undefined) this.#warnings.delete(last);
    this.warn(code, pointer, message);
  }

  addAll(other: Findings): void {
    for (const finding of other.reasons) put(this.#reasons, finding, Findings.#most);
    for (const finding of other.warnings) put(this.#warnings, finding, Findings.#most);
  }
}

function put(findings: Map<string, DocumentFinding>, finding: DocumentFinding, most: number): void {
  if (findings.size < most) findings.set(`${finding.code} ${finding.pointer}`, finding);
}
