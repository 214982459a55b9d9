import { jsonPointer } from '@action-mesh/kernel';

/** Something about an operation or a document that its importer should know. */
export interface DocumentFinding {
  /** For programs: `reference_outside`. */
  readonly code: string;
  /** JSON pointer into the document: where it stands, or the operation that it concerns. */
  readonly pointer: string;
  /** For people: a sentence without its subject. Never the document's own prose. */
  readonly message: string;
}

/** A pointer extended by member names and positions. */
export function below(pointer: string, ...path: readonly (string | number)[]): string {
  return pointer + jsonPointer(path);
}

/** What is found about one thing: reasons against it, and warnings. Bounded, and each said once. */
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

  /** It cannot be a tool. */
  refuse(code: string, pointer: string, message: string): void {
    put(this.#reasons, { code, pointer, message }, Findings.#most);
  }

  /** It can, and not quite as the document says. */
  warn(code: string, pointer: string, message: string): void {
    put(this.#warnings, { code, pointer, message }, Findings.#most);
  }

  /** A warning that has a place even where there are as many as are kept: the last of those gives way. */
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
