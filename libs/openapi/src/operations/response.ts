import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { isObject, member, objectAt } from '../json-object.js';
import { isJson } from '../request/request-body.js';
import { Conversion } from '../schema/definition.js';
import { definitionsOf } from '../schema/schema-assembly.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import type { Operation } from './operation.js';

/** What a provider answers when it did what was asked. */
export interface SuccessResponse {
  /** Absent where the document describes no JSON. */
  readonly output?: JsonSchema;
  /** The media type to ask for, where it is not JSON that comes back. */
  readonly accept?: string;
}

/**
 * The first 2xx response that has a JSON schema. A description of answers stops no call: one that cannot be read is left
 * out with a warning.
 */
export function successResponse(
  document: OpenApiDocument,
  converter: SchemaConverter,
  operation: Operation,
  findings: Findings,
): SuccessResponse {
  const responses = objectAt(operation.source, 'responses');
  let accept: string | undefined;
  for (const status of Object.keys(responses).sort()) {
    if (!/^2(\d\d|XX)$/i.test(status)) continue;
    const followed = document.follow(responses[status], below(operation.pointer, 'responses', status));
    if (!followed.ok) {
      findings.warn(
        'output_dropped',
        below(operation.pointer, 'responses', status),
        `${followed.message}; it was left out`,
      );
      continue;
    }
    const content = objectAt(followed.value, 'content');
    const types = Object.keys(content);
    const type = types.find((name) => /^application\/json\s*(;|$)/i.test(name)) ?? types.find(isJson);
    if (type === undefined) {
      accept ??= types[0];
      continue;
    }
    const schema = member(content[type], 'schema');
    if (schema === undefined) continue;
    const output = convertOutput(
      converter,
      schema,
      below(followed.pointer, 'content', type, 'schema'),
      findings,
    );
    return output === undefined ? {} : { output };
  }
  return accept === undefined ? {} : { accept };
}

function convertOutput(
  converter: SchemaConverter,
  schema: unknown,
  pointer: string,
  findings: Findings,
): JsonSchema | undefined {
  const conversion = new Conversion();
  const converted = converter.convert(schema, pointer, conversion);
  const { definitions, complete } = definitionsOf(conversion, converter);
  const [reason] = complete.findings.reasons;
  if (reason !== undefined) {
    findings.warn(
      'output_dropped',
      reason.pointer,
      `${reason.message}; the description of answers was left out`,
    );
    return undefined;
  }
  if (!isObject(converted)) return undefined;
  return Object.keys(definitions).length === 0 ? converted : { ...converted, $defs: definitions };
}
