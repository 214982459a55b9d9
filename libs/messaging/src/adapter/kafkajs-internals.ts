import { createRequire } from 'node:module';

/** A module of kafkajs that is no part of its interface; undefined where it has moved. */
export function loadInternal(path: string): unknown {
  try {
    return createRequire(import.meta.url)(`kafkajs/src/${path}`);
  } catch {
    return undefined;
  }
}

/** Whether a value has a function of this name. */
export function hasFunction<Name extends string>(
  value: unknown,
  name: Name,
): value is Readonly<Record<Name, (...args: unknown[]) => unknown>> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}
