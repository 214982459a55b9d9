import { isLibraryObject, loadInternal } from './kafkajs-internals.js';

/** One fact about the inside of kafkajs. When it no longer holds, the patch is wrong or useless. */
export interface Assumption {
  /** The fact as a sentence. A failing test prints it. */
  readonly name: string;
  /** Looks at the exports of the module. A check that throws counts as false. */
  holds(library: unknown): boolean;
}

/** One change to one module of kafkajs. */
export interface KafkaJsPatch<Library = unknown> {
  readonly name: string;
  /** The module, by its path below `kafkajs/src`. */
  readonly module: string;
  /** The facts in order: each may rely on the ones before it. */
  readonly assumptions: readonly Assumption[];
  /** Changes the module for the whole process. Needs every assumption to hold. */
  change(library: Library): void;
}

const patched = Symbol.for('action-mesh.kafkajs-patch');

/**
 * Applies the patch if all its assumptions hold. Otherwise it returns false and kafkajs keeps its own code. A second
 * call changes nothing.
 */
export function applyPatch(patch: KafkaJsPatch, library: unknown = loadInternal(patch.module)): boolean {
  if (isApplied(patch, library)) return true;
  if (brokenAssumptions(patch, library).length > 0) return false;
  patch.change(library);
  Object.defineProperty(library, patched, { value: patch.name });
  return true;
}

/** Whether this process has changed the module. */
export function isApplied({ module }: KafkaJsPatch, library: unknown = loadInternal(module)): boolean {
  return isLibraryObject(library) && patched in library;
}

/** Names of the assumptions that do not hold for an unpatched module. */
export function brokenAssumptions(
  { assumptions, module }: KafkaJsPatch,
  library: unknown = loadInternal(module),
): string[] {
  return assumptions.filter((assumption) => !isTrue(() => assumption.holds(library))).map(({ name }) => name);
}

function isTrue(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
