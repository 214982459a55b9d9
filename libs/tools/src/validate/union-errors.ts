import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * A value that matches no branch of a union fails every branch, and a reader who meant one of them is drowned in what
 * the others say. Keeps the union's own error and, of its branches, only the errors of the nearest: the one that the
 * value reaches deepest into without being of the wrong type altogether. Of `if`/`then`/`else`, which say the same thing
 * twice, the branch's error is kept.
 */
export function withoutUnionNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  for (const [index, union] of errors.entries()) {
    if (union.keyword === 'if') dropped.add(union);
    if (union.keyword !== 'anyOf' && union.keyword !== 'oneOf') continue;
    const branches = branchesOf(union, errors.slice(0, index));
    const nearest = nearestBranch(branches, union.instancePath);
    for (const branch of branches) {
      if (branch === nearest) continue;
      for (const error of branch) dropped.add(error);
    }
    // The nearest branch says more precisely what the union says.
    if (nearest !== undefined) dropped.add(union);
  }
  return errors.filter((error) => !dropped.has(error));
}

type Branch = readonly ErrorObject[];

/** ajv reports what the branches say before it reports the union, and marks each with its path in the schema. */
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

/** The value is not of this branch's kind at all, or carries another branch's tag. */
function isMismatch(error: ErrorObject, pointer: string): boolean {
  if (error.instancePath === pointer && (error.keyword === 'type' || error.keyword === 'const')) return true;
  const isTag = error.instancePath.slice(pointer.length).split('/').length === 2;
  return isTag && error.keyword === 'const';
}
