/**
 * The aliases that TypeScript refuses, because they contain themselves outside of an object: `type A = A & B`. A schema
 * of this kind says nothing about its values. `types` has the type of each alias by its name.
 */
export function endlessAliases(types: ReadonlyMap<string, string>): ReadonlySet<string> {
  const missing = new Map<string, number>();
  const users = new Map<string, string[]>();
  for (const [name, type] of types) {
    const needed = new Set(namesOutsideObjects(type).filter((other) => types.has(other)));
    missing.set(name, needed.size);
    for (const other of needed) users.set(other, [...(users.get(other) ?? []), name]);
  }
  // Takes away each alias whose parts have an end, until only those without one are left.
  const ready = [...missing].filter(([, count]) => count === 0).map(([name]) => name);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    missing.delete(name);
    for (const user of users.get(name) ?? []) {
      const count = (missing.get(user) ?? 0) - 1;
      missing.set(user, count);
      if (count === 0) ready.push(user);
    }
  }
  return new Set(missing.keys());
}

/** The words of a type that stand neither in braces nor in quotes. */
function namesOutsideObjects(type: string): string[] {
  let depth = 0;
  const outside: string[] = [];
  for (const [part] of type.matchAll(/"(?:[^"\\]|\\.)*"|[{}]|\w+|\/\*[\s\S]*?\*\//g)) {
    if (part === '{') depth++;
    else if (part === '}') depth--;
    else if (depth === 0 && /^\w/.test(part)) outside.push(part);
  }
  return outside;
}
