import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, stringAt } from '../json-object.js';
import { prose } from '../text.js';
import type { DeclaredParameter } from './parameter-list.js';
import type { RequestShape } from './request-shape.js';

/** A call from the document. */
interface Example {
  readonly description: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const most = 3;
const longest = 4_000;

/**
 * The examples of a document as calls: each example of the body with the examples of the parameters. The compiler of
 * the tool checks later whether they are valid.
 */
export function examplesOf(document: OpenApiDocument, { declared, body, leftOut }: RequestShape): Example[] {
  const fixed: Record<string, unknown> = {};
  for (const [argument, parameter] of declared) {
    const value = parameterExample(document, parameter);
    if (value !== undefined) fixed[argument] = value;
  }
  const bodies = body === undefined ? [] : bodyExamples(document, body.declared.media);
  const calls = bodies.flatMap(({ description, value }): Example[] => {
    if (body?.argument !== undefined)
      return [{ description, arguments: { ...fixed, [body.argument]: value } }];
    if (!isJsonObject(value)) return [];
    const given = Object.entries(value).filter(([name]) => !leftOut.has(name));
    return [{ description, arguments: { ...fixed, ...Object.fromEntries(given) } }];
  });
  if (bodies.length === 0 && Object.keys(fixed).length > 0)
    calls.push({ description: 'A call', arguments: fixed });
  return calls.filter((call) => JSON.stringify(call.arguments).length <= longest).slice(0, most);
}

function parameterExample(document: OpenApiDocument, { source }: DeclaredParameter): unknown {
  return (
    member(source, 'example') ??
    named(document, source)[0]?.value ??
    schemaExample(document, member(source, 'schema'))
  );
}

function bodyExamples(document: OpenApiDocument, media: unknown): { description: string; value: unknown }[] {
  const examples = named(document, media);
  if (examples.length > 0) return examples;
  const value = member(media, 'example') ?? schemaExample(document, member(media, 'schema'));
  return value === undefined ? [] : [{ description: 'A call', value }];
}

/** The named examples of a parameter or a media type. Examples in other files are not fetched. */
function named(document: OpenApiDocument, holder: unknown): { description: string; value: unknown }[] {
  const examples = member(holder, 'examples');
  if (!isJsonObject(examples)) return [];
  return Object.entries(examples).flatMap(([name, example]) => {
    const followed = document.follow(example, '');
    const value = followed.ok ? member(followed.value, 'value') : undefined;
    if (value === undefined) return [];
    const summary = followed.ok ? stringAt(followed.value, 'summary') : undefined;
    const description = prose(summary ?? name.replaceAll(/[-_]+/g, ' '), 200);
    return [{ description: description === '' ? 'A call' : description, value }];
  });
}

function schemaExample(document: OpenApiDocument, schema: unknown): unknown {
  const followed = document.follow(schema, '');
  return followed.ok
    ? (member(followed.value, 'example') ?? listAt(followed.value, 'examples')[0])
    : undefined;
}
