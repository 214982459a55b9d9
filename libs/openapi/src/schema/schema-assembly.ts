import type { JsonSchema } from '@action-mesh/tools';

import { Conversion, type Definition } from './definition.js';
import type { SchemaConverter } from './schema-converter.js';

/** In one input or output with everything that it refers to. */
const MOST_SCHEMAS = 5_000;

/** The definitions that a piece of a document needs, those that they need included, by name in alphabetical order. */
export function definitionsOf(
  conversion: Conversion,
  converter: SchemaConverter,
): { readonly definitions: Readonly<Record<string, JsonSchema | boolean>>; readonly complete: Conversion } {
  const complete = new Conversion();
  complete.findings.addAll(conversion.findings);
  complete.schemas = conversion.schemas;
  const reached = new Set<Definition>(conversion.uses);
  // A set hands out what is added while it is being gone through.
  for (const definition of reached) {
    const part = converter.complete(definition, () => new Conversion());
    complete.schemas += part.schemas;
    complete.findings.addAll(part.findings);
    for (const next of part.uses) reached.add(next);
    if (complete.schemas > MOST_SCHEMAS) {
      complete.findings.refuse(
        'schema_too_large',
        definition.pointer,
        `makes it more than ${MOST_SCHEMAS} schemas`,
      );
      return { definitions: {}, complete };
    }
  }
  const sorted = [...reached].sort((left, right) => (left.name < right.name ? -1 : 1));
  const definitions: Record<string, JsonSchema | boolean> = {};
  for (const { name, converted } of sorted) if (converted !== undefined) definitions[name] = converted.schema;
  return { definitions, complete };
}
