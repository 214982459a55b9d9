import { jsonPointer, schemaProblems } from '@action-mesh/kernel';
import type { z } from 'zod';

import { InvalidIdentityError, type IdentityProblem } from './auth-broker.errors.js';

const deepest = 8;
/** PostgreSQL stores no NUL. A lone surrogate would come back as another character, and so as another name. */
const unstorable = /[\u0000\p{Surrogate}]/u;

/** Reads a request. Throws `InvalidIdentityError` with the place of each fault, never its value. */
export function readRequest<Schema extends z.ZodType>(schema: Schema, written: unknown): z.output<Schema> {
  const read = schema.safeParse(written ?? {});
  if (!read.success) throw new InvalidIdentityError(schemaProblems(read.error.issues));
  const problem = textProblem(read.data, []);
  if (problem !== undefined) throw new InvalidIdentityError([problem]);
  return read.data;
}

/** The first text that the record cannot keep as it is. */
function textProblem(value: unknown, path: readonly string[]): IdentityProblem | undefined {
  if (typeof value === 'string' && unstorable.test(value))
    return { pointer: jsonPointer(path), message: 'must be valid Unicode without NUL' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length === deepest) return { pointer: jsonPointer(path), message: 'is nested too deeply' };
  for (const [name, member] of Object.entries(value)) {
    const problem = textProblem(member, [...path, name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
