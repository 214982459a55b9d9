import { TypeWriter } from '@action-mesh/declarations';

interface JsonContent {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: JsonContent & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, JsonContent>>;
}
interface ListedOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

const jsonType = 'application/json';
const referencePrefix = '#/components/schemas/';
const writer = new TypeWriter((reference) =>
  reference.startsWith(referencePrefix)
    ? `ApiSchemas[${JSON.stringify(reference.slice(referencePrefix.length))}]`
    : undefined,
);

/**
 * The routes and types of the gateway for `clients/sdk`, from its OpenAPI document. Pages for browsers are left out.
 */
export function clientTypes(document: Readonly<Record<string, unknown>>): string {
  const operations = operationsOf(document);
  const { schemas } = document['components'] as { readonly schemas: Readonly<Record<string, unknown>> };
  return [
    '// Generated from the OpenAPI document of the gateway by `npm run generate`; do not edit.\n',
    '/** What the gateway takes and answers, under the names of its OpenAPI document. */',
    members('interface', 'ApiSchemas', Object.entries(schemas).map(typed)),
    '/** The query of each operation. */',
    members('interface', 'ApiQueries', operations.flatMap(queryOf)),
    '/** The body of each operation. */',
    members('interface', 'ApiBodies', operations.flatMap(bodyOf)),
    '/** The JSON that each operation answers when it succeeds. */',
    members('interface', 'ApiAnswers', operations.flatMap(answerOf)),
    '/** The method and the address of each operation. */',
    `export const apiRoutes = {\n${operations.map(routeOf).join('')}} as const;\n`,
  ].join('\n');
}

function operationsOf(document: Readonly<Record<string, unknown>>): ListedOperation[] {
  const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      })),
    );
}

function members(kind: 'interface', name: string, types: readonly (readonly [string, string])[]): string {
  return `export ${kind} ${name} {\n${types.map(([key, type]) => `  ${key}: ${type};\n`).join('')}}\n`;
}

function typed([name, schema]: readonly [string, unknown]): readonly [string, string] {
  return [name, writer.write(schema, '  ')];
}

function queryOf({ operationId, parameters = [] }: Operation): (readonly [string, string])[] {
  const query = parameters.filter(
    (parameter): parameter is Parameter => 'in' in parameter && parameter.in === 'query',
  );
  if (query.length === 0) return [];
  const schema = {
    type: 'object',
    properties: Object.fromEntries(query.map((parameter) => [parameter.name, parameter.schema])),
    required: query.filter(({ required }) => required === true).map(({ name }) => name),
  };
  return [typed([operationId, schema])];
}

function bodyOf({ operationId, requestBody }: Operation): (readonly [string, string])[] {
  const schema = requestBody?.content?.[jsonType]?.schema;
  return schema === undefined ? [] : [typed([operationId, schema])];
}

function answerOf({ operationId, responses }: Operation): (readonly [string, string])[] {
  const schemas = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content }]) => content?.[jsonType]?.schema ?? []);
  return [schemas.length === 0 ? [operationId, 'undefined'] : typed([operationId, { anyOf: schemas }])];
}

function routeOf({ operationId, summary, method, path }: ListedOperation): string {
  return `  /** ${summary}. */\n  ${operationId}: { method: '${method}', path: '${path}' },\n`;
}
