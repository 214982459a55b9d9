import type { z } from 'zod';

import { ConfigError, type ConfigProblem } from './platform.errors.js';

export type DeepReadonly<T> = T extends (...parameters: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment as a configuration, frozen all the way down. The schema is an object of variables, which may end in a
 * transform to friendlier names. A variable that is set to nothing counts as not set. Throws {@link ConfigError} with
 * all problems at once.
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
  // Bytes cannot be frozen.
  if (ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
