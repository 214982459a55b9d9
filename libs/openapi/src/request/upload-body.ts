import { fileSchema, type JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import type { Findings } from '../finding.js';
import { isJsonObject, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import type { BodyMember, BodyMembers } from './body-members.js';
import type { DeclaredBody } from './request-body.js';

const bytes = 'application/octet-stream';
const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;
/** Media types that are text. A model writes them unchanged. */
const textual = /^(text\/.*|application\/(.*\+)?(xml|yaml|x-ndjson|jsonl|graphql|sql|x-yaml))$/;

/** The files of a multipart form, by name, each with its media type or the default for a file without one. */
export function filesOf(
  document: OpenApiDocument,
  { media, encoding }: DeclaredBody,
  members: ReadonlyMap<string, { readonly schema: unknown }>,
): Readonly<Record<string, string>> {
  if (encoding !== 'multipart') return {};
  const wanted = objectAt(media, 'encoding');
  return Object.fromEntries(
    [...members].flatMap(([name, { schema }]) =>
      isFile(document, schema) || isFile(document, itemsOf(document, schema))
        ? [[name, mediaTypeOf(document, objectAt(wanted, name), schema)]]
        : [],
    ),
  );
}

/**
 * The one argument for a whole form with parts. Refused unless it is an object of known members, because otherwise
 * its files are unknown.
 */
export function partsObject(
  found: BodyMembers | undefined,
  shown: readonly (readonly [string, BodyMember])[],
  part: (name: string, member: BodyMember) => JsonSchema | boolean,
  findings: Findings,
  pointer: string,
): JsonSchema {
  if (found === undefined) {
    const reason = 'is a form with parts and no plain object of known members, so its files are unknown';
    findings.refuse('body_parts', pointer, reason);
    return {};
  }
  const required = shown.map(([name]) => name).filter((name) => found.required.has(name));
  return {
    type: 'object',
    properties: Object.fromEntries(shown.map(([name, each]) => [name, part(name, each)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** The argument for a file or a list of files, with the words of the document. */
export function fileArgument(document: OpenApiDocument, schema: unknown, described: JsonSchema): JsonSchema {
  const { description } = described;
  const words = typeof description === 'string' ? { description } : {};
  return isFile(document, schema)
    ? { ...fileSchema, ...words }
    : { type: 'array', items: fileSchema, ...words };
}

/** The argument for a body of bytes: a text if its media type is textual, else a file. */
export function bytesArgument(mediaType: string, described: JsonSchema): JsonSchema {
  const { description } = described;
  const words = typeof description === 'string' ? { description } : {};
  return textual.test(mediaType)
    ? { type: 'string', description: `The body as ${mediaType}.`, ...words }
    : { ...fileSchema, ...words };
}

/** In OpenAPI 3.0, a string of the format `binary`. In 3.1, bytes by their media type; `type` may be absent. */
function isFile(document: OpenApiDocument, schema: unknown): boolean {
  const followed = document.follow(schema, '');
  const found = followed.ok ? followed.value : undefined;
  if (!isJsonObject(found)) return false;
  if (stringAt(found, 'format') === 'binary' || found['type'] === 'file') return true;
  const mediaType = stringAt(found, 'contentMediaType');
  const isText = found['contentEncoding'] !== undefined || textual.test(mediaType ?? '');
  return mediaType !== undefined && !isText && (found['type'] ?? 'string') === 'string';
}

function itemsOf(document: OpenApiDocument, schema: unknown): unknown {
  const followed = document.follow(schema, '');
  return followed.ok ? member(followed.value, 'items') : undefined;
}

/** If a document allows several types, the file has to name its own. */
function mediaTypeOf(document: OpenApiDocument, wanted: ReadonlyJsonObject, schema: unknown): string {
  const followed = document.follow(schema, '');
  const declared =
    stringAt(wanted, 'contentType') ??
    (followed.ok ? stringAt(followed.value, 'contentMediaType') : undefined);
  return declared !== undefined && mediaType.test(declared) ? declared : bytes;
}
