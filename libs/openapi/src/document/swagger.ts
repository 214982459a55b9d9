import { errorMessage } from '@action-mesh/kernel';
import { upgrade } from '@scalar/openapi-upgrader';

import { isJsonObject, listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';

type Mutable = Record<string, unknown>;

const formMediaType = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data';
/** Carries the list format of a form through the converter, which has no place for it. */
const encodingExtension = 'x-form-encoding';
const styles: Readonly<Record<string, string>> = {
  ssv: 'spaceDelimited',
  pipes: 'pipeDelimited',
  // OpenAPI 3 has no such style. A parameter with it is left out, and not written in another style.
  tsv: 'tabDelimited',
};

/**
 * Converts a Swagger 2.0 document to OpenAPI 3.0. It corrects the errors of its converter: forms, lists that are not
 * joined by commas, shared bodies, media types of single operations, and hosts without a scheme. Throws
 * `OpenApiError`.
 */
export function fromSwagger(root: ReadonlyJsonObject): ReadonlyJsonObject {
  // A copy, because the next steps change it in place.
  const source: Mutable = { ...structuredClone(root), swagger: '2.0' };
  try {
    prepare(source);
    const upgraded: unknown = upgrade(source, '3.0');
    if (isJsonObject(upgraded)) return finished(upgraded, root);
  } catch (error) {
    const message = `the Swagger 2.0 document cannot be converted to OpenAPI 3: ${errorMessage(error)}`;
    throw new OpenApiError('OPENAPI_UNREADABLE', message);
  }
  throw new OpenApiError('OPENAPI_UNREADABLE', 'the Swagger 2.0 document cannot be converted to OpenAPI 3');
}

function prepare(root: Mutable): void {
  const operations = Object.values(objectAt(root, 'paths')).flatMap((item) => preparePath(root, item));
  Object.values(objectAt(root, 'parameters')).forEach(setStyle);
  if (!operations.some((operation) => Array.isArray(operation['produces']))) return;
  // The converter prefers the document's media types to an operation's, so each operation gets its own list.
  for (const operation of operations) operation['produces'] ??= root['produces'];
  delete root['produces'];
}

function preparePath(root: ReadonlyJsonObject, item: unknown): Mutable[] {
  if (!isJsonObject(item)) return [];
  const path = item as Mutable;
  const shared = listAt(path, 'parameters').map((parameter) => bodyOf(root, parameter));
  if (Array.isArray(path['parameters'])) path['parameters'] = shared.filter((each) => !isBody(each));
  shared.forEach(setStyle);
  const operations = Object.entries(path).flatMap(([name, operation]) =>
    isJsonObject(operation) && name !== 'parameters' && !name.startsWith('x-') ? [operation as Mutable] : [],
  );
  for (const operation of operations) prepareOperation(root, operation, shared.filter(isBody));
  return operations;
}

function prepareOperation(root: ReadonlyJsonObject, operation: Mutable, shared: readonly unknown[]): void {
  const own = listAt(operation, 'parameters').map((parameter) => bodyOf(root, parameter));
  own.forEach(setStyle);
  const ownNames = new Set(own.filter(isBody).map((each) => stringAt(each, 'name')));
  const all = [...own, ...shared.filter((each) => !ownNames.has(stringAt(each, 'name')))];
  const form = all.filter(
    (each) => member(each, 'in') === 'formData' && isJsonObject(each),
  ) as ReadonlyJsonObject[];
  if (form.length > 0) {
    const others = all.filter((each) => member(each, 'in') !== 'formData');
    operation['parameters'] = [...others, formBody(form)];
    operation['consumes'] = formTypes(member(operation, 'consumes') ?? member(root, 'consumes'), form);
  } else if (all.length > 0) operation['parameters'] = all;
}

/**
 * A body or form parameter, resolved if it is shared, because OpenAPI 3 has no such parameter. Any other parameter
 * stays unchanged.
 */
function bodyOf(root: ReadonlyJsonObject, parameter: unknown): unknown {
  const [, name = ''] = /^#\/parameters\/([^/]+)$/.exec(stringAt(parameter, '$ref') ?? '') ?? [];
  const target = member(objectAt(root, 'parameters'), name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return isBody(target) ? structuredClone(target) : parameter;
}

function isBody(parameter: unknown): boolean {
  const place = member(parameter, 'in');
  return place === 'body' || place === 'formData';
}

/** The converter writes every list in a path or a header with commas, and a list with tabs as repeated pairs. */
function setStyle(parameter: unknown): void {
  if (isBody(parameter) || member(parameter, 'type') !== 'array') return;
  const style = styles[stringAt(parameter, 'collectionFormat') ?? ''];
  if (style !== undefined) Object.assign(parameter as Mutable, { style, explode: false });
}

function formBody(form: readonly ReadonlyJsonObject[]): ReadonlyJsonObject {
  const properties: Mutable = {};
  const encoding: Mutable = {};
  const required: unknown[] = [];
  for (const { name, in: _, required: isRequired, collectionFormat = 'csv', ...schema } of form) {
    if (typeof name !== 'string') throw new Error('a parameter of a form has no name');
    const { allowEmptyValue: __, ...rest } = schema;
    properties[name] = rest;
    if (isRequired === true) required.push(name);
    if (schema['type'] === 'array' && collectionFormat !== 'multi') {
      const style = styles[String(collectionFormat)] ?? 'form';
      encoding[name] = { style, explode: false };
    }
  }
  const schema = { type: 'object', properties, required, [encodingExtension]: encoding };
  return { in: 'body', name: 'body', required: required.length > 0, schema };
}

/** A form without a declared type is a text form, unless it contains a file. */
function formTypes(consumes: unknown, form: readonly ReadonlyJsonObject[]): string[] {
  if (form.some(({ type }) => type === 'file')) return [multipart];
  const types = (Array.isArray(consumes) ? consumes : []).filter(
    (type) => type === formMediaType || type === multipart,
  );
  return types.length === 0 ? [formMediaType] : (types as string[]);
}

function finished(
  document: ReadonlyJsonObject,
  { host, basePath, schemes }: ReadonlyJsonObject,
): ReadonlyJsonObject {
  for (const item of Object.values(objectAt(document, 'paths'))) {
    for (const operation of Object.values(isJsonObject(item) ? item : {})) {
      for (const media of Object.values(objectAt(objectAt(operation, 'requestBody'), 'content'))) {
        const { [encodingExtension]: encoding, ...schema } = objectAt(media, 'schema');
        if (encoding !== undefined) Object.assign(media as Mutable, { schema, encoding });
      }
    }
  }
  if (typeof host !== 'string' || (Array.isArray(schemes) && schemes.length > 0)) return document;
  return { ...document, servers: [{ url: `//${host}${typeof basePath === 'string' ? basePath : ''}` }] };
}
