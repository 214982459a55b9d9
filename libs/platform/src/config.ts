import type { z } from 'zod';

import { ConfigError, type ConfigProblem } from './platform.errors.js';

export type DeepReadonly<T> = T extends (...parameters: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The variables of a process, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment as a configuration, frozen at every depth. The schema is an object of variables; a transform at
 * its end may give them other names. An empty variable counts as not set. Throws {@link ConfigError} with all problems
 * at once.
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): DeepReadonly<z.output<Schema>> {
  const variables = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = schema.safeParse(variables);
  if (parsed.success) return deepFreeze(parsed.data) as DeepReadonly<z.output<Schema>>;
  throw new ConfigError(parsed.error.issues.map((issue) => problemOf(issue, variables)));
}

function problemOf(issue: z.core.$ZodIssue, variables: Readonly<Record<string, unknown>>): ConfigProblem {
  const variable = issue.path.length === 0 ? '(environment)' : String(issue.path[0]);
  const missing = issue.code === 'invalid_type' && !Object.hasOwn(variables, variable);
  return { variable, problem: missing ? 'is required' : issue.message };
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // `Object.freeze` throws on bytes.
  if (ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
