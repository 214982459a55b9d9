import type { RequestProblem } from '@action-mesh/admission';
import { jsonPointer } from '@action-mesh/kernel';
import type { z } from 'zod';

import { RequestRefusedError } from './gateway.errors.js';

/**
 * The most problems in one answer. A person corrects fewer at once, and a hostile body must not cause a long answer.
 */
const mostProblems = 20;

/** Reads a request by its schema. `what` names the expected form for people. Throws {@link RequestRefusedError}. */
export function readRequestForm<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  what: string,
): z.output<Schema> {
  return readForm(
    schema,
    given,
    what,
    'Correct the members that "errors" names.',
    `is not a member of ${what}`,
  );
}

/** Reads the query of a request. A refusal of an unknown parameter names the known ones. Throws {@link RequestRefusedError}. */
export function readQuery<Schema extends z.ZodObject>(
  schema: Schema,
  query: unknown,
  what: string,
): z.output<Schema> {
  const known = Object.keys(schema.shape).join(', ');
  return readForm(
    schema,
    query,
    what,
    'Correct the parameters that "errors" names.',
    `is not a parameter of ${what}; it takes ${known}`,
  );
}

function readForm<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  what: string,
  fix: string,
  unknown: string,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new RequestRefusedError('invalid_request', `The request does not have the form of ${what}.`, fix, {
    problems: parsed.error.issues.flatMap((issue) => describe(issue, given, unknown)).slice(0, mostProblems),
  });
}

function describe(issue: z.core.$ZodIssue, given: unknown, unknown: string): RequestProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: jsonPointer([...path, key]), message: unknown }));
  }
  const missing = issue.code === 'invalid_type' && path.length > 0 && !isPresent(given, path);
  return [{ pointer: jsonPointer(path), message: missing ? 'is required and missing' : issue.message }];
}

function isPresent(given: unknown, path: readonly (string | number)[]): boolean {
  let value = given;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return true;
}
