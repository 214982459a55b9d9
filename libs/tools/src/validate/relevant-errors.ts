import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * Selects the errors that help to correct the arguments.
 *
 * - A value that matches no branch of a union fails every branch. Only the errors of the nearest branch are kept, or
 *   the union's own error if no branch is near.
 * - A format that is also written as a pattern, as zod does, is reported as the format.
 * - A condition (`if`) adds nothing to the errors of its `then` or `else`.
 */
export function relevantErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  const badFormats = new Set(
    errors.flatMap(({ keyword, instancePath }) => (keyword === 'format' ? instancePath : [])),
  );
  for (const [index, error] of errors.entries()) {
    if (error.keyword === 'if') dropped.add(error);
    if (error.keyword === 'pattern' && badFormats.has(error.instancePath)) dropped.add(error);
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue;
    const branches = branchesOf(error, errors.slice(0, index));
    const nearest = nearestBranch(branches, error.instancePath);
    for (const other of branches.filter((branch) => branch !== nearest).flat()) dropped.add(other);
    if (nearest !== undefined) dropped.add(error);
  }
  return errors.filter((error) => !dropped.has(error));
}

type Branch = readonly ErrorObject[];

/** ajv reports the errors of the branches before the union's, and marks each with its path in the schema. */
function branchesOf(union: ErrorObject, before: readonly ErrorObject[]): readonly Branch[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of before) {
    if (!error.schemaPath.startsWith(`${union.schemaPath}/`)) continue;
    if (!error.instancePath.startsWith(union.instancePath)) continue;
    const branch = error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0] ?? '';
    const known = branches.get(branch);
    if (known === undefined) branches.set(branch, [error]);
    else known.push(error);
  }
  return [...branches.values()];
}

function nearestBranch(branches: readonly Branch[], pointer: string): Branch | undefined {
  return branches
    .filter((branch) => !branch.some((error) => isMismatch(error, pointer)))
    .sort((left, right) => left.length - right.length)[0];
}

/** Whether the value is of another kind than this branch, or carries another branch's tag. */
function isMismatch(error: ErrorObject, pointer: string): boolean {
  const isOneValue = error.keyword === 'const' || (error.keyword === 'enum' && choicesOf(error) === 1);
  if (error.instancePath === pointer && (error.keyword === 'type' || isOneValue)) return true;
  const isTag = error.instancePath.slice(pointer.length).split('/').length === 2;
  return isTag && isOneValue;
}

/** OpenAPI 3.0 has no `const`, so documents write an enum of one value. */
function choicesOf({ params }: ErrorObject): number {
  return (params as { readonly allowedValues: readonly unknown[] }).allowedValues.length;
}
