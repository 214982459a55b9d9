import { isObject, loadInternal } from './kafkajs-internals.js';

/** One fact about the inside of kafkajs. A patch is wrong, or of no use, if it no longer holds. */
export interface Assumption {
  /** The fact as a sentence: a test that fails says it. */
  readonly name: string;
  /** Looks at the module as kafkajs exports it. A check that throws counts as false. */
  holds(library: unknown): boolean;
}

/** One change to one module of kafkajs. */
export interface KafkaJsPatch<Library = unknown> {
  readonly name: string;
  /** The module, by its path below `kafkajs/src`. */
  readonly module: string;
  /** In order: each may take for granted that those before it hold. */
  readonly assumptions: readonly Assumption[];
  /** Changes the module for everybody in the process. Needs every assumption to hold. */
  change(library: Library): void;
}

const PATCHED = Symbol.for('action-mesh.kafkajs-patch');

/**
 * Applies the patch if all its assumptions hold; otherwise kafkajs keeps its own code and the answer is false.
 * A second call changes nothing.
 */
export function applyPatch(patch: KafkaJsPatch, library: unknown = loadInternal(patch.module)): boolean {
  if (isApplied(patch, library)) return true;
  if (brokenAssumptions(patch, library).length > 0) return false;
  patch.change(library);
  Object.defineProperty(library, PATCHED, { value: patch.name });
  return true;
}

/** Whether the module has been changed in this process. */
export function isApplied({ module }: KafkaJsPatch, library: unknown = loadInternal(module)): boolean {
  return isObject(library) && PATCHED in library;
}

/** Names of the assumptions that do not hold for a module as it came, before the patch. */
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
