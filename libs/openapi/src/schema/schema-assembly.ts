import type { JsonSchema } from '@action-mesh/tools';

import { isJsonObject } from '../json-object.js';
import { Conversion, mostSchemas, type Definition } from './definition.js';
import { relaxed, warnOfRelaxation } from './relaxation.js';
import type { SchemaConverter } from './schema-converter.js';

/**
 * The longest chain of references from one definition to the next. Compilers of schemas take each step onto their
 * stack, and end at some 300.
 */
const mostSteps = 100;

/** A schema with everything that it refers to. */
export interface AssembledSchema {
  readonly schema: JsonSchema;
  /** The findings in all of it, and the number of its schemas. */
  readonly complete: Conversion;
}

/** Adds the definitions that a converted schema needs, directly or indirectly, in alphabetical order. */
export function assembled(
  schema: JsonSchema,
  pointer: string,
  conversion: Conversion,
  converter: SchemaConverter,
): AssembledSchema {
  const complete = new Conversion();
  complete.findings.addAll(conversion.findings);
  complete.schemas = conversion.schemas;
  const refuse = (at: string, message: string): AssembledSchema => {
    complete.findings.refuse('schema_too_large', at, message);
    return { schema, complete };
  };
  if (complete.schemas > mostSchemas) return refuse(pointer, `is more than ${mostSchemas} schemas`);
  const steps = new Map<Definition, number>([...conversion.uses].map((definition) => [definition, 1]));
  // The loop over the map also visits the entries added during the loop.
  for (const [definition, step] of steps) {
    const part = converter.complete(definition);
    complete.schemas += part.schemas;
    complete.findings.addAll(part.findings);
    for (const next of part.uses) if (!steps.has(next)) steps.set(next, step + 1);
    if (complete.schemas > mostSchemas)
      return refuse(definition.pointer, `makes it more than ${mostSchemas} schemas`);
    if (step > mostSteps)
      return refuse(definition.pointer, `is reached over more than ${mostSteps} references in a row`);
  }
  const reached = [...steps.keys()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const loose = looseOf(reached);
  const relax = (own: JsonSchema, at: string): JsonSchema => {
    if (loose.size === 0) return own;
    const result = relaxed(own, (reference) => loose.has(reference));
    if (result !== own) warnOfRelaxation(complete, at);
    return result;
  };
  const definitions: Record<string, JsonSchema | boolean> = {};
  for (const { name, pointer: at, converted } of reached) {
    const own = converted?.schema;
    if (own !== undefined) definitions[name] = isJsonObject(own) ? relax(own, at) : own;
  }
  const whole = relax(schema, pointer);
  return { schema: reached.length === 0 ? whole : { ...whole, $defs: definitions }, complete };
}

/** The references to definitions that lost a part, or refer to such a definition. */
function looseOf(reached: readonly Definition[]): ReadonlySet<string> {
  const users = new Map<Definition, Definition[]>();
  const waiting: Definition[] = [];
  for (const definition of reached) {
    const { uses, losses } = definition.converted?.conversion ?? new Conversion();
    if (losses > 0) waiting.push(definition);
    for (const used of uses) {
      const known = users.get(used);
      if (known === undefined) users.set(used, [definition]);
      else known.push(definition);
    }
  }
  const loose = new Set(waiting);
  for (const definition of loose) for (const user of users.get(definition) ?? []) loose.add(user);
  return new Set([...loose].map(({ name }) => `#/$defs/${name}`));
}
