import { defined } from '@action-mesh/kernel';
import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { isJsonObject, member, objectAt } from '../json-object.js';
import { isJson } from '../request/request-body.js';
import { Conversion } from '../schema/definition.js';
import { assembled } from '../schema/schema-assembly.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import type { Operation } from './operation.js';

/** The provider's answer to a request that succeeded. */
export interface SuccessResponse {
  /** Absent if the document describes no JSON. */
  readonly output?: JsonSchema;
  /** The media type to ask for, if it is not `application/json`. If `output` describes a type, it is that one. */
  readonly accept?: string;
}

const plainJson = /^application\/json\s*(;|$)/i;
/** A media type that can be sent in a header. */
const mediaType = /^[\w.+*-]{1,100}\/[\w.+*-]{1,100}( ?;[ -~]{0,100}[!-~])?$/;

/** One media type of one 2xx response. */
interface DeclaredMedia {
  readonly type: string;
  readonly media: unknown;
  readonly pointer: string;
}

/**
 * The first 2xx response with a JSON schema. A description of answers never prevents a call: one that cannot be read
 * is left out with a warning.
 */
export function successResponse(
  document: OpenApiDocument,
  converter: SchemaConverter,
  operation: Operation,
  findings: Findings,
): SuccessResponse {
  const declared = declaredMedia(document, operation, findings);
  const described = declared.find(({ type, media }) => isJson(type) && member(media, 'schema') !== undefined);
  const output =
    described === undefined
      ? undefined
      : convertOutput(
          converter,
          member(described.media, 'schema'),
          below(described.pointer, 'schema'),
          findings,
        );
  // With another type than the described one, the answer would not match `output`.
  const asked = output === undefined || described === undefined ? declared : [described];
  const accept = acceptOf(asked.map(({ type }) => type.trim()));
  return { ...defined({ output, accept }) };
}

/** Ordered by status, and within a status with plain JSON first. */
function declaredMedia(
  document: OpenApiDocument,
  { source, pointer }: Operation,
  findings: Findings,
): DeclaredMedia[] {
  const responses = objectAt(source, 'responses');
  const statuses = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status));
  return statuses.sort().flatMap((status) => {
    const at = below(pointer, 'responses', status);
    const followed = document.follow(responses[status], at);
    if (!followed.ok) {
      findings.warn('output_dropped', at, `${followed.message}; it was left out`);
      return [];
    }
    const content = objectAt(followed.value, 'content');
    const types = Object.keys(content);
    const sorted = [
      ...types.filter((type) => plainJson.test(type)),
      ...types.filter((type) => !plainJson.test(type)),
    ];
    return sorted.map((type) => ({
      type,
      media: content[type],
      pointer: below(followed.pointer, 'content', type),
    }));
  });
}

/**
 * The media type to ask for. `undefined` for plain JSON, which the mesh asks for by default, and for any type at all.
 */
function acceptOf(types: readonly string[]): string | undefined {
  const json = types.filter(isJson);
  if (json.some((type) => plainJson.test(type) || type.includes('*'))) return undefined;
  const usable = (type: string): boolean => mediaType.test(type);
  return json.find(usable) ?? types.find(usable);
}

function convertOutput(
  converter: SchemaConverter,
  schema: unknown,
  pointer: string,
  findings: Findings,
): JsonSchema | undefined {
  const conversion = new Conversion();
  const converted = converter.convert(schema, pointer, conversion);
  const described = assembled(isJsonObject(converted) ? converted : {}, pointer, conversion, converter);
  const { findings: found } = described.complete;
  const isNothing = !isJsonObject(converted) || Object.keys(converted).length === 0;
  const [reason] = isNothing ? [...found.reasons, ...found.warnings] : found.reasons;
  if (reason !== undefined) {
    findings.warn(
      'output_dropped',
      reason.pointer,
      `${reason.message}; the description of answers was left out`,
    );
    return undefined;
  }
  return isJsonObject(converted) ? described.schema : undefined;
}
