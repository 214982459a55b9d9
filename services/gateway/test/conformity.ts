import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { ownOpenApiDocument } from '../src/index.js';

/** An answer of a gateway, with the request that it answers. */
export interface ObservedAnswer {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Content {
  readonly schema: object;
}

interface Response {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Content>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

// Closed: a member of an answer that the document does not have is a fault too.
const document = ownOpenApiDocument({ areAnswersClosed: true });
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'openapi.json');

const paths = Object.entries(document.paths)
  // A fixed part of a path goes before a parameter.
  .sort(([left], [right]) => parametersOf(left) - parametersOf(right))
  .map(([path, item]) => ({
    item: item as Readonly<Record<string, Operation>>,
    pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

const validators = new Map<object, ValidateFunction>();

/**
 * Throws when the OpenAPI document does not have this answer: its status, content type, headers or content. Answers at
 * addresses without a route, and to broken requests that no route has seen, are not in the document.
 */
export function conform({ method, path, status, headers, text }: ObservedAnswer): void {
  const operation = operationAt(method, path);
  if (operation === undefined || status === 405 || status === 414) return;
  const about = `${operation.operationId} answers ${status}`;
  const documented = operation.responses[status];
  if (documented === undefined)
    throw new Error(`${about}, which the OpenAPI document does not have: ${text}`);
  const response = '$ref' in documented ? sharedResponse(documented.$ref) : documented;
  const content = contentOf(response, headers.get('content-type') ?? '', text, about);
  if (content === undefined) return;
  const validate = validators.get(content.schema) ?? ajv.compile(withDocument(content.schema));
  validators.set(content.schema, validate);
  if (validate(JSON.parse(text))) return;
  const faults = (validate.errors ?? [])
    .slice(0, 5)
    .map((each) => `${each.instancePath} ${each.message ?? ''} ${JSON.stringify(each.params)}`);
  throw new Error(`${about} beyond its schema in the OpenAPI document:\n${faults.join('\n')}\n${text}`);
}

function parametersOf(path: string): number {
  return path.split('{').length;
}

function operationAt(method: string, path: string): Operation | undefined {
  const [address = ''] = path.split('?', 1);
  const found = paths.find(({ pattern, item }) => pattern.test(address) && method.toLowerCase() in item);
  return found?.item[method.toLowerCase()];
}

function sharedResponse(reference: string): Response {
  const name = reference.slice('#/components/responses/'.length);
  return document.components.responses[name] as Response;
}

/** The documented JSON of an answer. Undefined: it has none to check. */
function contentOf({ content }: Response, given: string, text: string, about: string): Content | undefined {
  const type = given.split(';', 1)[0] ?? '';
  if (content === undefined) {
    if (text === '') return undefined;
    throw new Error(`${about} with a body, and the OpenAPI document has none: ${text}`);
  }
  const found = content[type] ?? content['*/*'];
  if (found === undefined)
    throw new Error(`${about} as "${type}", and the OpenAPI document has ${Object.keys(content).join(', ')}`);
  return type.endsWith('json') && content[type] !== undefined ? found : undefined;
}

/** References of a schema lead into the document. */
function withDocument(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as object;
}
