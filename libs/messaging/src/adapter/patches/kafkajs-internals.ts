import { createRequire } from 'node:module';

/** Loads an internal module of kafkajs by its path below `kafkajs/src`. Undefined when no module is there. */
export function loadInternal(path: string): unknown {
  try {
    return createRequire(import.meta.url)(`kafkajs/src/${path}`);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object or a class with a function of this name. */
export function hasFunction<Name extends string>(
  value: unknown,
  name: Name,
): value is Readonly<Record<Name, (...args: unknown[]) => unknown>> {
  return isLibraryObject(value) && typeof value[name] === 'function';
}

/** Whether a value has members. */
export function isLibraryObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
